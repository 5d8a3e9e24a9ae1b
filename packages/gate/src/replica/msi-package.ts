/**
 * Installers made in code: one product, one feature, one embedded cabinet. Harmless, and small enough to be read whole.
 * Source: Windows Installer SDK, "Database Tables".
 * @module
 */

import { createHash } from "node:crypto";
import { encodeStreamName } from "../formats/ole/stream-name.ts";
import { writeCabinet } from "./cabinet.ts";
import { type CompoundChild, writeCompoundFile } from "./compound-file.ts";
import { type DatabaseTable, writeDatabase } from "./installer-database.ts";
import { writeSummary } from "./summary-information.ts";

export interface MsiContent {
  readonly product: string;
  readonly company: string;
  /** `1.2.3`. */
  readonly version: string;
  /** Folder below `Program Files`. */
  readonly folder: string;
  /** Names without folders, at least one. */
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly compression?: "none" | "mszip";
  readonly customActions?: readonly {
    readonly action: string;
    readonly type: number;
    readonly source: string;
    readonly target: string;
  }[];
  readonly services?: readonly { readonly name: string; readonly displayName: string }[];
  /** A cabinet beside the installer, in place of the embedded one: its name. */
  readonly externalCabinet?: string;
  /** More streams of the root storage, by their raw names. */
  readonly streams?: readonly CompoundChild[];
}

/** Class of an installer database. */
const MSI_CLASS = Buffer.from("84100c0000000000c000000000000046", "hex");
const CABINET = "product.cab";

/** Writes an installer. */
export function writeMsi(content: MsiContent): Buffer {
  const cabinet = writeCabinet({
    files: content.files.map((file, index) => ({ name: fileKey(index), content: file.content })),
    compression: content.compression ?? "mszip",
  });
  const children = [
    ...writeDatabase(tablesOf(content)),
    writeSummary({
      title: "Installation Database",
      subject: content.product,
      author: content.company,
      template: "x64;1033",
      packageCode: identifier(content, "package"),
    }),
    ...(content.externalCabinet === undefined
      ? [{ name: encodeStreamName(CABINET, false), content: cabinet }]
      : []),
    ...(content.streams ?? []),
  ];
  return writeCompoundFile({ classId: MSI_CLASS, children });
}

const fileKey = (index: number): string => `file${index + 1}`;

function tablesOf(content: MsiContent): DatabaseTable[] {
  const { files, customActions = [], services = [] } = content;
  return [
    ...productTables(content),
    {
      name: "File",
      columns: {
        File: "!s72",
        Component_: "s72",
        FileName: "l255",
        FileSize: "i4",
        Version: "S72",
        Language: "S20",
        Attributes: "I2",
        Sequence: "i4",
      },
      rows: files.map(({ name, content: bytes }, index) => [
        fileKey(index),
        "Main",
        `${shortName(index)}|${name}`,
        bytes.length,
        null,
        null,
        0x200,
        index + 1,
      ]),
    },
    {
      name: "Media",
      columns: {
        DiskId: "!i2",
        LastSequence: "i4",
        DiskPrompt: "L64",
        Cabinet: "S255",
        VolumeLabel: "S32",
        Source: "S72",
      },
      rows: [[1, files.length, null, content.externalCabinet ?? `#${CABINET}`, null, null]],
    },
    {
      name: "CustomAction",
      columns: { Action: "!s72", Type: "i2", Source: "S72", Target: "S255" },
      rows: customActions.map(({ action, type, source, target }) => [action, type, source, target]),
    },
    {
      name: "ServiceInstall",
      columns: {
        ServiceInstall: "!s72",
        Name: "s255",
        DisplayName: "L255",
        ServiceType: "i4",
        StartType: "i4",
        ErrorControl: "i4",
        LoadOrderGroup: "S255",
        Dependencies: "S255",
        StartName: "S255",
        Password: "S255",
        Arguments: "S255",
        Component_: "s72",
        Description: "L255",
      },
      rows: services.map(({ name, displayName }) => [
        name,
        name,
        displayName,
        16,
        2,
        1,
        null,
        null,
        "LocalSystem",
        null,
        null,
        "Main",
        null,
      ]),
    },
    sequenceOf(customActions.map(({ action }) => action)),
  ];
}

function productTables(content: MsiContent): DatabaseTable[] {
  return [
    {
      name: "Property",
      columns: { Property: "!s72", Value: "l0" },
      rows: [
        ["ProductName", content.product],
        ["ProductVersion", content.version],
        ["Manufacturer", content.company],
        ["ProductLanguage", "1033"],
        ["ProductCode", identifier(content, "product")],
        ["UpgradeCode", identifier({ ...content, version: "" }, "upgrade")],
      ],
    },
    {
      name: "Directory",
      columns: { Directory: "!s72", Directory_Parent: "S72", DefaultDir: "l255" },
      rows: [
        ["TARGETDIR", null, "SourceDir"],
        ["ProgramFiles64Folder", "TARGETDIR", "."],
        ["INSTALLFOLDER", "ProgramFiles64Folder", `APP|${content.folder}`],
      ],
    },
    {
      name: "Component",
      columns: {
        Component: "!s72",
        ComponentId: "S38",
        Directory_: "s72",
        Attributes: "i2",
        Condition: "S255",
        KeyPath: "S72",
      },
      rows: [["Main", identifier(content, "component"), "INSTALLFOLDER", 256, null, fileKey(0)]],
    },
    {
      name: "Feature",
      columns: {
        Feature: "!s38",
        Feature_Parent: "S38",
        Title: "L64",
        Description: "L255",
        Display: "I2",
        Level: "i2",
        Directory_: "S72",
        Attributes: "i2",
      },
      rows: [["Complete", null, content.product, null, 1, 1, "INSTALLFOLDER", 0]],
    },
    {
      name: "FeatureComponents",
      columns: { Feature_: "!s38", Component_: "!s72" },
      rows: [["Complete", "Main"]],
    },
  ];
}

/** "Suggested InstallExecuteSequence"; custom actions come after the files. */
function sequenceOf(customActions: readonly string[]): DatabaseTable {
  const standard: [string, number][] = [
    ["CostInitialize", 800],
    ["FileCost", 900],
    ["CostFinalize", 1000],
    ["InstallValidate", 1400],
    ["InstallInitialize", 1500],
    ["ProcessComponents", 1600],
    ["InstallFiles", 4000],
    ["RegisterProduct", 6100],
    ["PublishFeatures", 6300],
    ["PublishProduct", 6400],
    ["InstallFinalize", 6600],
  ];
  const custom = customActions.map((action, index): [string, number] => [action, 4001 + index]);
  return {
    name: "InstallExecuteSequence",
    columns: { Action: "!s72", Condition: "S255", Sequence: "I2" },
    rows: [...standard, ...custom].map(([action, sequence]) => [action, null, sequence]),
  };
}

const shortName = (index: number): string => `FILE${index + 1}.BIN`;

/** A GUID that is the same for the same product, so that two builds are equal byte for byte. */
function identifier(content: Pick<MsiContent, "product" | "company" | "version">, purpose: string): string {
  const name = [content.company, content.product, content.version, purpose].join("\n");
  const hex = createHash("sha256").update(name).digest("hex").toUpperCase();
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}}`;
}
