export { type ClamdAddress, readClamdAddress } from "./antivirus/address.ts";
export type { Antivirus } from "./antivirus/receiver.ts";
export type { Artifact, ArtifactMember, Identity } from "./artifact.ts";
export type { Brought, BroughtFile } from "./brought.ts";
export { signersOfAdmitted } from "./checks/accepted-signer/admitted-baseline.ts";
export type {
  AcceptedSigner,
  Baseline,
  Check,
  CheckContext,
  CheckResult,
  ExamineRequest,
  Exception,
  Observation,
  Origin,
  Recall,
  RootDigestAlgorithm,
} from "./checks/check.ts";
export { distinctPeople } from "./checks/exception/person.ts";
export { originOf, readZoneIdentifier } from "./checks/origin/mark.ts";
export { checks } from "./checks/registry.ts";
export { MAX_TWINS_BYTES, readTwins, TWINS_TYPE, twinsDocument } from "./checks/twin/document.ts";
export { explainTwins, type KnownTwin, type TwinExplanation, type TwinShare } from "./checks/twin/explain.ts";
export type { KnownFile, KnownSignature, Sighting, Standing } from "./checks/twin/memory.ts";
export { memoriesOf } from "./checks/twin/remember.ts";
export { type Compared, type CompareRequest, compareArtifacts, gainedFaults } from "./compare.ts";
export type { Comparison, FoundDifference, MemberCounts, NotCompared } from "./diff/comparison.ts";
export { type Examination, examine } from "./examine.ts";
export type { Finding, FindingCheck } from "./finding.ts";
export type { Format, Member, OpenContext } from "./formats/format.ts";
export { type Opening, type OpenRequest, openArtifact, type Progress } from "./gate.ts";
export { type AskedAgain, askAgain, type Unanswered } from "./hunt/ask-again.ts";
export { type Hunted, type HuntRequest, hunter, type PastDecision } from "./hunt/hunt.ts";
export { rememberingIntel } from "./hunt/remembering.ts";
export { gitHubApiFor } from "./landing/github-release.ts";
export {
  type LandingDownload,
  type LandingPage,
  MAX_LANDING_BYTES,
  readLandingPage,
} from "./landing/landing.ts";
export { defaultPolicies, readPolicyFolder } from "./policies/policy-files.ts";
export { checkRulePacks, type SortedRules, sortRulePacks } from "./rules/check-packs.ts";
export { readRulePacks } from "./rules/rule-files.ts";
export type { RulePack } from "./rules/rule-pack.ts";
export { billOfMaterials, reasonsUnlisted } from "./sbom/sbom.ts";
export type { SearchWish } from "./search/wish.ts";
export {
  type CertificateSummary,
  type SignatureReport,
  type SignatureScheme,
  type SignatureTrust,
  TRUSTED,
  type VerifyContext,
} from "./signatures/scheme.ts";
export {
  type ExceptionGrant,
  type Forgetting,
  type GateStore,
  gateMigrations,
  openGateStore,
  type SignerAcceptance,
  type StoredAcceptance,
  type StoredException,
} from "./store.ts";
export type { Excerpt, Risk } from "./traits/trait.ts";
export { defaultTrust, type MissingFamily, missingFamilies } from "./trust/default-trust.ts";
export { systemTrust } from "./trust/system-trust.ts";
export { withAnchorsFromPem } from "./trust/trust-file.ts";
export type { Purpose, TrustAnchor, TrustStore } from "./trust/trust-store.ts";
export { vocabulary } from "./vocabulary.ts";
