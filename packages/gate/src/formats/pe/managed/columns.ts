/**
 * The columns of the metadata's tables, as far as they stand in front of the last one that is read here (ImplMap).
 * Source: ECMA-335, 6th edition, II.22 (each table), II.24.2.6 (sizes of indexes; order of coded indexes).
 * @module
 */

/** Gives how many bytes a column takes: 2 or 4. */
export type Column = (sizes: { readonly counts: readonly number[]; readonly heapSizes: number }) => 2 | 4;

export const TABLE = {
  module: 0x00,
  typeReference: 0x01,
  typeDefinition: 0x02,
  field: 0x04,
  method: 0x06,
  parameter: 0x08,
  interface: 0x09,
  memberReference: 0x0a,
  security: 0x0e,
  signature: 0x11,
  event: 0x14,
  property: 0x17,
  moduleReference: 0x1a,
  typeSpecification: 0x1b,
  nativeFunction: 0x1c,
  assembly: 0x20,
  assemblyReference: 0x23,
} as const;

const two: Column = () => 2;
const four: Column = () => 4;
const heap =
  (bit: number): Column =>
  ({ heapSizes }) =>
    (heapSizes & bit) === 0 ? 2 : 4;
const [text, guid, blob] = [heap(1), heap(2), heap(4)];

const index =
  (table: number): Column =>
  ({ counts }) =>
    (counts[table] ?? 0) < 0x1_0000 ? 2 : 4;

/** An index whose lowest bits say into which of these tables it leads. */
const coded = (bits: number, ...tables: readonly number[]): Column => {
  const most = 2 ** (16 - bits);
  return ({ counts }) => (tables.every((table) => (counts[table] ?? 0) < most) ? 2 : 4);
};

const { module, typeReference, typeDefinition, field, method, parameter, memberReference } = TABLE;
const { event, property, moduleReference, typeSpecification, assembly, assemblyReference } = TABLE;

const scope = coded(2, module, moduleReference, assemblyReference, typeReference);
const type = coded(2, typeDefinition, typeReference, typeSpecification);
const memberParent = coded(3, typeDefinition, typeReference, moduleReference, method, typeSpecification);
const hasConstant = coded(2, field, parameter, property);
const hasMarshal = coded(1, field, parameter);
const hasSecurity = coded(2, typeDefinition, method, assembly);
const hasSemantics = coded(1, event, property);
const methodOrReference = coded(1, method, memberReference);
const forwarded = coded(1, field, method);
const attributeType = coded(3, method, memberReference);
/** HasCustomAttribute, with File, ExportedType, ManifestResource, GenericParam, its constraints and MethodSpec. */
const hasAttribute = coded(
  5,
  ...[method, field, typeReference, typeDefinition, parameter, TABLE.interface, memberReference, module],
  ...[TABLE.security, property, event, TABLE.signature, moduleReference, typeSpecification],
  ...[assembly, assemblyReference, 0x26, 0x27, 0x28, 0x2a, 0x2c, 0x2b],
);

/** By the number of the table. */
export const COLUMNS: readonly (readonly Column[])[] = [
  [two, text, guid, guid, guid],
  [scope, text, text],
  [four, text, text, type, index(field), index(method)],
  [index(field)],
  [two, text, blob],
  [index(method)],
  [four, two, two, text, blob, index(parameter)],
  [index(parameter)],
  [two, two, text],
  [index(typeDefinition), type],
  [memberParent, text, blob],
  [two, hasConstant, blob],
  [hasAttribute, attributeType, blob],
  [hasMarshal, blob],
  [two, hasSecurity, blob],
  [two, four, index(typeDefinition)],
  [four, index(field)],
  [blob],
  [index(typeDefinition), index(event)],
  [index(event)],
  [two, text, type],
  [index(typeDefinition), index(property)],
  [index(property)],
  [two, text, blob],
  [two, index(method), hasSemantics],
  [index(typeDefinition), methodOrReference, methodOrReference],
  [text],
  [blob],
  [two, forwarded, text, index(moduleReference)],
];

export const rowBytesOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0);
