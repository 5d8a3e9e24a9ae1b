/** Every technique, one line each. @module */

import { appendedOverlay } from "./list/appended-overlay.ts";
import { certificateTablePayload } from "./list/certificate-table-payload.ts";
import { certificateTablePayloadInNewBuild } from "./list/certificate-table-payload-in-new-build.ts";
import { credentialReader } from "./list/credential-reader.ts";
import { decryptingLoader } from "./list/decrypting-loader.ts";
import { dependencyFromARepository } from "./list/dependency-from-a-repository.ts";
import { downgrade } from "./list/downgrade.ts";
import { embeddedExecutable } from "./list/embedded-executable.ts";
import { encodedAddress } from "./list/encoded-address.ts";
import { encodedExecutable } from "./list/encoded-executable.ts";
import { entitlementAdded } from "./list/entitlement-added.ts";
import { entryJumpInNewBuild } from "./list/entry-jump-in-new-build.ts";
import { entryPointInNewSection } from "./list/entry-point-in-new-section.ts";
import { fontPayload } from "./list/font-payload.ts";
import { futureDate } from "./list/future-date.ts";
import { hiddenProgram } from "./list/hidden-program.ts";
import { implicitBuild } from "./list/implicit-build.ts";
import { infectedNote } from "./list/infected-note.ts";
import { injectionImports } from "./list/injection-imports.ts";
import { innerInstallerSwapped } from "./list/inner-installer-swapped.ts";
import { installScript } from "./list/install-script.ts";
import { installerBinaryStream } from "./list/installer-binary-stream.ts";
import { installerCustomAction } from "./list/installer-custom-action.ts";
import { installerService } from "./list/installer-service.ts";
import { loadedLibrary } from "./list/loaded-library.ts";
import { lookalikeDependency } from "./list/lookalike-dependency.ts";
import { maintainerScript } from "./list/maintainer-script.ts";
import { nativeAddon } from "./list/native-addon.ts";
import { neededLibrary } from "./list/needed-library.ts";
import { obfuscatedScript } from "./list/obfuscated-script.ts";
import { oneSliceInitialiser } from "./list/one-slice-initialiser.ts";
import { oneSlicePatched } from "./list/one-slice-patched.ts";
import { otherInitialiser } from "./list/other-initialiser.ts";
import { patchedLibrary } from "./list/patched-library.ts";
import { patchedProgram } from "./list/patched-program.ts";
import { picturePayload } from "./list/picture-payload.ts";
import { pythonStealer } from "./list/python-stealer.ts";
import { resourcePayload } from "./list/resource-payload.ts";
import { scheduledJob } from "./list/scheduled-job.ts";
import { setuidBit } from "./list/setuid-bit.ts";
import { sideLoadedLibrary } from "./list/side-loaded-library.ts";
import { signatureDropped } from "./list/signature-dropped.ts";
import { signerOfAnotherAuthority } from "./list/signer-of-another-authority.ts";
import { spareCertificatePayload } from "./list/spare-certificate-payload.ts";
import { startUpModule } from "./list/start-up-module.ts";
import { swappedDomain } from "./list/swapped-domain.ts";
import { testBlobWithBuildGlue } from "./list/test-blob-with-build-glue.ts";
import { threadCallback } from "./list/thread-callback.ts";
import { unsignedAttributePayload } from "./list/unsigned-attribute-payload.ts";
import { unsignedLibrary } from "./list/unsigned-library.ts";
import { writableCodeSection } from "./list/writable-code-section.ts";
import type { Technique } from "./technique.ts";

export const techniques: readonly Technique[] = [
  certificateTablePayload,
  certificateTablePayloadInNewBuild,
  unsignedAttributePayload,
  spareCertificatePayload,
  patchedLibrary,
  entryJumpInNewBuild,
  entryPointInNewSection,
  writableCodeSection,
  threadCallback,
  injectionImports,
  appendedOverlay,
  embeddedExecutable,
  encodedExecutable,
  encodedAddress,
  resourcePayload,
  unsignedLibrary,
  sideLoadedLibrary,
  signerOfAnotherAuthority,
  signatureDropped,
  innerInstallerSwapped,
  installerCustomAction,
  installerBinaryStream,
  installerService,
  downgrade,
  oneSliceInitialiser,
  oneSlicePatched,
  loadedLibrary,
  entitlementAdded,
  neededLibrary,
  otherInitialiser,
  patchedProgram,
  infectedNote,
  hiddenProgram,
  futureDate,
  setuidBit,
  maintainerScript,
  scheduledJob,
  startUpModule,
  pythonStealer,
  installScript,
  implicitBuild,
  lookalikeDependency,
  dependencyFromARepository,
  credentialReader,
  obfuscatedScript,
  decryptingLoader,
  nativeAddon,
  testBlobWithBuildGlue,
  picturePayload,
  fontPayload,
  swappedDomain,
];
