/**
 * Takes an artifact apart, level by level, on one budget. Everything it meets is recognised by content, hashed,
 * opened, verified and identified; whatever stops that is evidence about the member, never silence.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import type { Format, Glimpse, Member, OpenContext } from "../formats/format.ts";
import { ManifestDesk } from "../manifests/desk.ts";
import { manifests } from "../manifests/registry.ts";
import { judgeMemberName } from "../member-name.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import { beside } from "../study/beside.ts";
import type { StudySubject } from "../study/study.ts";
import { type Claims, claimBrought } from "./claims.ts";
import { embeddedMembers } from "./embedded-archive.ts";
import { DescentStopped, isBeyondMember, toFinding } from "./failure.ts";
import type { KnownLeaf, Look } from "./look.ts";
import { MemberStream } from "./member-stream.ts";
import { openContext } from "./open-context.ts";
import { joinPath, type Place, ROOT } from "./place.ts";
import { PolyglotJudge } from "./polyglot.ts";
import { hashSource, takeGlimpse } from "./reading.ts";
import { recognise, recogniseStreamed } from "./recognise.ts";
import type { DescentRequest } from "./request.ts";
import { Teller } from "./teller.ts";
import { findCarried, findUnopened, unopenedFinding } from "./unopened-container.ts";
import { verify } from "./verify.ts";

/**
 * Opens the artifact and everything inside it, reporting to the listener.
 * @throws WorldError `world.changed`, `world.io`: those are not about the artifact
 */
export async function descend(source: ByteSource, request: DescentRequest): Promise<void> {
  await new Descent(request).run(source);
}

const SMALL_BYTES = 256 * 1024;

class Descent {
  readonly #request: DescentRequest;
  readonly #teller: Teller;
  readonly #known = new Map<string, KnownLeaf>();
  readonly #polyglots = new PolyglotJudge();
  #memberCount = 0;
  #claims: Claims | undefined;

  constructor(request: DescentRequest) {
    this.#request = request;
    this.#teller = new Teller(request.listener);
  }

  async run(source: ByteSource): Promise<void> {
    const sha256 = this.#request.rootSha256 ?? (await hashSource(source));
    try {
      await this.#claim();
      await this.#lookAt(source, sha256, ROOT);
    } catch (error) {
      if (isBeyondMember(error) && !(error instanceof DescentStopped)) throw error;
      if (!isBeyondMember(error)) this.#teller.record(toFinding(error), "");
    }
    await this.#request.study?.settle();
    this.#teller.finish();
  }

  async #claim(): Promise<void> {
    const { schemes, brought } = this.#request;
    this.#claims = await claimBrought(schemes, brought);
    for (const finding of this.#claims.findings) this.#teller.record(finding, "");
  }

  async #visit(found: Member, { place: container, desk, format }: Look): Promise<void> {
    const { budget, listener } = this.#request;
    this.#memberCount += 1;
    const { member, note, ready } = desk.watch(found, format);
    const place: Place = {
      path: joinPath(container.path, member.name),
      depth: container.depth + 1,
      index: this.#memberCount,
      offsetInParentBytes: member.range?.offsetInParentBytes ?? 0,
      isCarried: member.isCarried ?? false,
      carrier: member.carrier,
      knownFormat: member.knownFormat,
      memberNames: member.memberNames,
      unpackedOn: member.unpackedOn ?? container.unpackedOn,
      attributes: member.attributes,
      note,
    };
    listener.at(place.path, (member.claimedBytes ?? Number.POSITIVE_INFINITY) <= SMALL_BYTES);
    try {
      budget.spendEntry();
      this.#judgeName(member.name, place);
      await ready();
      if (member.range === undefined) await this.#visitStream(member, place);
      else await this.#lookAt(member.range.source, await this.#hashRange(member.range.source), place);
    } catch (error) {
      this.#teller.fail(error, place.path);
    }
  }

  /** Formats judge their names; one that escapes is reported whatever the format thinks of it. */
  #judgeName(name: string, { path, unpackedOn }: Place): void {
    const problem = judgeMemberName(name, unpackedOn);
    if (problem?.escapes === true) this.#teller.escapes(path, `name ${problem.because}`);
  }

  #hashRange(source: ByteSource): Promise<string> {
    return hashSource(source, (chunkBytes) => this.#request.budget.spendBytes(chunkBytes));
  }

  async #visitStream(member: Member, place: Place): Promise<void> {
    const stream = new MemberStream(member.content(), this.#request.budget);
    try {
      const head = await stream.peek();
      // What came by whole is in memory already, and can be read anywhere.
      const format = stream.ended
        ? undefined
        : recogniseStreamed(this.#request.formats, head, member.claimedBytes);
      if (format?.openStream === undefined) await this.#visitSpooled(stream, place);
      else await this.#lookThrough(stream, { head, format, place });
    } finally {
      await stream.close();
    }
  }

  async #visitSpooled(stream: MemberStream, place: Place): Promise<void> {
    const spooled = await this.#request.spool.keep(stream);
    try {
      await this.#lookAt(spooled.source, stream.digest(), place);
    } finally {
      spooled.release();
    }
  }

  async #lookThrough(
    stream: MemberStream,
    { head, format, place }: { head: Buffer; format: Format; place: Place },
  ): Promise<void> {
    const look = this.#begin(format, place);
    await this.#open(look, (context) => format.openStream?.(stream.view(), context));
    await stream.drain();
    const glimpse = stream.glimpse(head);
    this.#judgePolyglot(recognise(this.#request.formats, glimpse), glimpse, look);
    this.#teller.member(place, stream.digest(), {
      look,
      sizeBytes: stream.sizeBytes,
      identity: look.identity,
    });
  }

  async #lookAt(source: ByteSource, sha256: string, place: Place): Promise<void> {
    const known = this.#known.get(sha256);
    if (known !== undefined) return this.#repeat(known, sha256, { source, place });
    const glimpse = await takeGlimpse(source);
    const recognised = recognise(this.#request.formats, glimpse, place.knownFormat);
    const [format] = recognised;
    if (format === undefined) return this.#lookAtPlain(place, sha256, { glimpse, source });
    const look = this.#begin(format, place);
    const open = (context: OpenContext) =>
      format.open?.(source, context) ?? format.openStream?.(source.stream(), context);
    try {
      await this.#open(look, open);
      this.#judgePolyglot(recognised, glimpse, look);
      const seen = this.#subject(look, sha256);
      await this.#request.sender?.send(source, seen);
      const { signatures, identity } = await beside(this.#request.study, { source, seen }, async () => ({
        signatures: await this.#verify(source, look),
        identity: await this.#identify(source, format, look),
      }));
      this.#teller.member(place, sha256, { look, sizeBytes: source.sizeBytes, signatures, identity });
      this.#remember(sha256, { look, signatures, identity });
    } catch (error) {
      // The budget ran out further inside: what is known of this one is still worth saying.
      if (error instanceof DescentStopped)
        this.#teller.member(place, sha256, { look, sizeBytes: source.sizeBytes });
      throw error;
    }
  }

  #begin(format: Format, place: Place): Look {
    this.#request.listener.recognised(place.path, format.id);
    return this.#startLook(format.id, place);
  }

  #startLook(format: string, place: Place): Look {
    const polyglotMark = this.#polyglots.mark;
    const desk = new ManifestDesk(manifests, this.#request.budget);
    return {
      place,
      desk,
      format,
      memberCount: 0,
      findings: [],
      identifiers: [],
      repeatable: true,
      polyglotMark,
    };
  }

  async #open(look: Look, start: (context: OpenContext) => AsyncIterable<Member> | undefined): Promise<void> {
    const { place } = look;
    try {
      this.#request.budget.checkDepth(place.depth);
      const members = start(openContext(look, this.#request, this.#teller));
      if (members === undefined) return;
      for await (const member of members) {
        look.memberCount += 1;
        await this.#visit(member, look);
      }
      this.#conclude(look);
    } catch (error) {
      this.#teller.fail(error, place.path, look);
    }
  }

  /** The container was read to its end: what does it say of itself, and does it contradict itself? */
  #conclude(look: Look): void {
    const { identity, identifiers = [], format, findings = [] } = look.desk.conclude(look.format) ?? {};
    look.identifiers.push(...identifiers);
    if (identity !== undefined) look.identity = { ...identity, ...look.identity };
    look.format = format ?? look.format;
    for (const finding of findings) this.#teller.report(look, finding);
  }

  #verify(source: ByteSource, look: Look): Promise<SignatureReport[]> {
    return verify(source, look, { request: this.#request, teller: this.#teller, claims: this.#claims });
  }

  /** What the headers say, and before that what the content turned out to say. */
  async #identify(source: ByteSource, format: Format, look: Look): Promise<Identity | undefined> {
    try {
      const identity = await format.identify?.(source, openContext(look, this.#request, this.#teller));
      return look.identity === undefined ? identity : { ...identity, ...look.identity };
    } catch (error) {
      this.#teller.fail(error, look.place.path, look);
      return look.identity;
    }
  }

  #subject({ place, format, memberCount }: Look, sha256: string): StudySubject {
    return {
      index: place.index,
      // What it is called tells what a file is for; the artifact itself has its name from the person.
      path: place.path === "" ? this.#request.brought.label : place.path,
      sha256: place.index === ROOT.index ? undefined : sha256,
      format,
      holdsOthers: memberCount > 0,
      report: (finding) => this.#teller.record(finding, place.path),
      found: (parts) => this.#teller.parts(place, parts),
    };
  }

  #judgePolyglot(recognised: readonly Format[], glimpse: Glimpse, look: Look): void {
    const finding = this.#polyglots.judge(recognised, { ...glimpse, mark: look.polyglotMark });
    if (finding !== undefined) this.#teller.report(look, finding);
  }

  /** No format knows it. A signature that was brought along may speak for it all the same. */
  async #lookAtPlain(
    place: Place,
    sha256: string,
    { glimpse, source }: { glimpse: Glimpse; source: ByteSource },
  ): Promise<void> {
    const container = findUnopened(glimpse) ?? (await findCarried(source, place, this.#request.budget));
    if (container !== undefined) this.#teller.record(unopenedFinding(container), place.path);
    const look = this.#startLook(container?.id ?? "data", place);
    await this.#open(look, () => embeddedMembers(source));
    const seen = this.#subject(look, sha256);
    await this.#request.sender?.send(source, seen);
    const signatures = await beside(this.#request.study, { source, seen }, () => this.#verify(source, look));
    this.#teller.member(place, sha256, { look, sizeBytes: source.sizeBytes, signatures });
  }

  /** The same bytes again: what was found about them holds for this path as well. */
  async #repeat(
    known: KnownLeaf,
    sha256: string,
    { source, place }: { source: ByteSource; place: Place },
  ): Promise<void> {
    for (const finding of known.findings) this.#teller.record(finding, place.path);
    const { format, identity, signatures } = known;
    const look = this.#startLook(format, place);
    look.identifiers.push(...known.identifiers);
    await beside(this.#request.study, { source, seen: this.#subject(look, sha256) }, async () => undefined);
    this.#teller.member(place, sha256, { look, sizeBytes: source.sizeBytes, signatures, identity });
  }

  /** Only what holds nothing else: a container is opened again, on the budget, because its members have paths. */
  #remember(
    sha256: string,
    seen: { look: Look; signatures: readonly SignatureReport[]; identity: Identity | undefined },
  ): void {
    const { look, signatures, identity } = seen;
    if (!look.repeatable || look.memberCount > 0 || look.place.offsetInParentBytes > 0) return;
    const { format, findings, identifiers } = look;
    this.#known.set(sha256, { format, identity, identifiers, signatures, findings });
  }
}
