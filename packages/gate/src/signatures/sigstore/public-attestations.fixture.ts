/**
 * Attestations that public services made and logged, as third-party vectors. Everything a log recorded is put together
 * from its parts; the log's own signature says whether it is the same.
 * - npm's attestations of sigstore 0.4.0 (the package itself is fetched by npm), as pacote's tests keep them;
 * - PyPI's provenance of gcb_attestation_test 0.0.0, as pypi-attestations' tests keep it (Apache-2.0);
 * - the registry's signature of light-cycle 1.4.3, the example in npm's documentation.
 * @module
 */

import { createHash } from "node:crypto";
import type { Json } from "@sallyport/core";

const LOG_ID = "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0=";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const sha256 = (base64Text: string): string =>
  createHash("sha256").update(Buffer.from(base64Text, "base64")).digest("hex");
const pem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${der.replaceAll(/.{64}/g, "$&\n")}${der.length % 64 === 0 ? "" : "\n"}-----END CERTIFICATE-----\n`;

const WORKFLOW_CERTIFICATE =
  "MIIDnDCCAyKgAwIBAgIUEg2LbBC+v12QtPBt2jawiYrF33UwCgYIKoZIzj0EAwMwNzEVMBMGA1UEChMMc2lnc3RvcmUuZGV2MR4wHAYDVQQDExVzaWdzdG9yZS1pbnRlcm1lZGlhdGUwHhcNMjMwMTExMTczMTUyWhcNMjMwMTExMTc0MTUyWjAAMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEscmo8xVdr+olWHVVpTlLdKdTwTDvNpINwLXi6W2OlPwTkMbJj0zCpO99heNH4ZxF1+NmO6NyjcbynKjf/GPUV6OCAkEwggI9MA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAzAdBgNVHQ4EFgQUdsZZ492PIgVwGjT/q8AwgHhDkj4wHwYDVR0jBBgwFoAU39Ppz1YkEZb5qNjpKFWixi4YZD8wZAYDVR0RAQH/BFowWIZWaHR0cHM6Ly9naXRodWIuY29tL3NpZ3N0b3JlL3NpZ3N0b3JlLWpzLy5naXRodWIvd29ya2Zsb3dzL3B1Ymxpc2gueW1sQHJlZnMvdGFncy92MC40LjAwOQYKKwYBBAGDvzABAQQraHR0cHM6Ly90b2tlbi5hY3Rpb25zLmdpdGh1YnVzZXJjb250ZW50LmNvbTAVBgorBgEEAYO/MAECBAdyZWxlYXNlMDYGCisGAQQBg78wAQMEKDhhMmVlMmZkMjBkZGE1OGZmYTRhOGQ4MDhhNjVjYjFlMDQ3MTFjMDMwFQYKKwYBBAGDvzABBAQHcHVibGlzaDAiBgorBgEEAYO/MAEFBBRzaWdzdG9yZS9zaWdzdG9yZS1qczAeBgorBgEEAYO/MAEGBBByZWZzL3RhZ3MvdjAuNC4wMIGKBgorBgEEAdZ5AgQCBHwEegB4AHYA3T0wasbHETJjGR4cmWc3AqJKXrjePK3/h4pygC8p7o4AAAGFoeNlfwAABAMARzBFAiBqYOxNKEMS4gXVBqU3Mr/w+yYXYtZDYa6daYOZJZB++wIhANat2b2mVTeHERPyhATU/Z8HOfC6iqY/IwiXnwWKsp9xMAoGCCqGSM49BAMDA2gAMGUCMQD5OzgtStQId/HNXGwVM1Ydjux8x2d4cr7tzWreGSbMUJhRuVlJliOdJKsu8ufHQfYCMC8M76uThWeCI2A5GndGj0TTaI1Cq92T8oXm5iHHFPxmvZtjXtnwCuGzLAKHILlmlg==";
const WORKFLOW_SIGNATURE =
  "MEQCIBk8ec2/Gm2vSIaYnW5YublLxLctqFWDkUVBhQHhYbkPAiBb1W0l/SyhDL8hRibad9C7f8jwwp9gRaKyaiXd3AH8oQ==";
const PROVENANCE =
  "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjAuMSIsInN1YmplY3QiOlt7Im5hbWUiOiJwa2c6bnBtL3NpZ3N0b3JlQDAuNC4wIiwiZGlnZXN0Ijp7InNoYTUxMiI6IjI4MmMwYzVmYTkzNmQyNjQzMjE2NDM1ODFiNjVkM2RlNWMwYWY2ZWQ0ZmRmYWMxMmY1ODUxMTE1ZGYzOWNjMjVjZmFmMGFkMjJkOTA4NDg3YmZlZjMwMTE0ZDYxYzI1NzQ2MjA2ZDE4MzRiZTRmOGZkMTY1OTE3OGY3N2NjMDA0In19XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2xzYS5kZXYvcHJvdmVuYW5jZS92MC4yIiwicHJlZGljYXRlIjp7ImJ1aWxkVHlwZSI6Imh0dHBzOi8vZ2l0aHViLmNvbS9ucG0vY2xpL2doYUB2MCIsImJ1aWxkZXIiOnsiaWQiOiJodHRwczovL2dpdGh1Yi5jb20vbnBtL2NsaUA5LjIuMCJ9LCJpbnZvY2F0aW9uIjp7ImNvbmZpZ1NvdXJjZSI6eyJ1cmkiOiJnaXQraHR0cHM6Ly9naXRodWIuY29tL3NpZ3N0b3JlL3NpZ3N0b3JlLWpzQHJlZnMvdGFncy92MC40LjAiLCJkaWdlc3QiOnsic2hhMSI6IjhhMmVlMmZkMjBkZGE1OGZmYTRhOGQ4MDhhNjVjYjFlMDQ3MTFjMDMifSwiZW50cnlQb2ludCI6InNpZ3N0b3JlL3NpZ3N0b3JlLWpzLy5naXRodWIvd29ya2Zsb3dzL3B1Ymxpc2gueW1sQHJlZnMvdGFncy92MC40LjAifSwicGFyYW1ldGVycyI6e30sImVudmlyb25tZW50Ijp7IkdJVEhVQl9BQ1RPUl9JRCI6IjM5ODAyNyIsIkdJVEhVQl9FVkVOVF9OQU1FIjoicmVsZWFzZSIsIkdJVEhVQl9KT0IiOiJwdWJsaXNoIiwiR0lUSFVCX1JFRiI6InJlZnMvdGFncy92MC40LjAiLCJHSVRIVUJfUkVGX1RZUEUiOiJ0YWciLCJHSVRIVUJfUkVQT1NJVE9SWSI6InNpZ3N0b3JlL3NpZ3N0b3JlLWpzIiwiR0lUSFVCX1JFUE9TSVRPUllfSUQiOiI0OTU1NzQ1NTUiLCJHSVRIVUJfUkVQT1NJVE9SWV9PV05FUl9JRCI6IjcxMDk2MzUzIiwiR0lUSFVCX1JVTl9BVFRFTVBUIjoiMSIsIkdJVEhVQl9SVU5fSUQiOiIzODk1MTk3NzI1IiwiR0lUSFVCX1JVTl9OVU1CRVIiOiI3IiwiR0lUSFVCX1NIQSI6IjhhMmVlMmZkMjBkZGE1OGZmYTRhOGQ4MDhhNjVjYjFlMDQ3MTFjMDMiLCJHSVRIVUJfV09SS0ZMT1ciOiJwdWJsaXNoIiwiR0lUSFVCX1dPUktGTE9XX1JFRiI6InNpZ3N0b3JlL3NpZ3N0b3JlLWpzLy5naXRodWIvd29ya2Zsb3dzL3B1Ymxpc2gueW1sQHJlZnMvdGFncy92MC40LjAiLCJHSVRIVUJfV09SS0ZMT1dfU0hBIjoiOGEyZWUyZmQyMGRkYTU4ZmZhNGE4ZDgwOGE2NWNiMWUwNDcxMWMwMyIsIklNQUdFX09TIjoidWJ1bnR1MjIiLCJJTUFHRV9WRVJTSU9OIjoiMjAyMjEyMTIuMSIsIlJVTk5FUl9BUkNIIjoiWDY0IiwiUlVOTkVSX05BTUUiOiJIb3N0ZWQgQWdlbnQiLCJSVU5ORVJfT1MiOiJMaW51eCJ9fSwibWV0YWRhdGEiOnsiYnVpbGRJbnZvY2F0aW9uSWQiOiIzODk1MTk3NzI1LTEiLCJjb21wbGV0ZW5lc3MiOnsicGFyYW1ldGVycyI6ZmFsc2UsImVudmlyb25tZW50IjpmYWxzZSwibWF0ZXJpYWxzIjpmYWxzZX0sInJlcHJvZHVjaWJsZSI6ZmFsc2V9LCJtYXRlcmlhbHMiOlt7InVyaSI6ImdpdCtodHRwczovL2dpdGh1Yi5jb20vc2lnc3RvcmUvc2lnc3RvcmUtanMiLCJkaWdlc3QiOnsic2hhMSI6IjhhMmVlMmZkMjBkZGE1OGZmYTRhOGQ4MDhhNjVjYjFlMDQ3MTFjMDMifX1dfX0=";

const REGISTRY_KEY_ID = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA";
const REGISTRY_KEY =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==";
const PUBLISH_SIGNATURE =
  "MEUCIQC/3eKnpFiqgvTYH4YBEv56PrZG+YQi5HZYUKaPci52HAIgZu30KpSwBUKiZBK887sQAJFAfkxBAyfHLALJ9F6Z0l0=";
const PUBLISH = base64(
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [
      {
        name: "pkg:npm/sigstore@0.4.0",
        digest: {
          sha512:
            "282c0c5fa936d264321643581b65d3de5c0af6ed4fdfac12f5851115df39cc25cfaf0ad22d908487bfef30114d61c25746206d1834be4f8fd1659178f77cc004",
        },
      },
    ],
    predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    predicate: { name: "sigstore", version: "0.4.0", registry: "https://registry.npmjs.org" },
  }),
);

interface Logged {
  readonly payload: string;
  /** As the log wrote it: key or certificate, and signature. */
  readonly signature: Record<string, string>;
  readonly envelopeSha256: string;
  readonly logIndex: string;
  readonly time: string;
  readonly promise: string;
}

/** An entry of the first kind for attestations, without a proof, as bundles of version 0.1 have it. */
const intotoEntry = ({ payload, signature, envelopeSha256, logIndex, time, promise }: Logged): Json => ({
  logIndex,
  logId: { keyId: LOG_ID },
  kindVersion: { kind: "intoto", version: "0.0.2" },
  integratedTime: time,
  inclusionPromise: { signedEntryTimestamp: promise },
  inclusionProof: null,
  canonicalizedBody: base64(
    JSON.stringify({
      apiVersion: "0.0.2",
      kind: "intoto",
      spec: {
        content: {
          envelope: { payloadType: "application/vnd.in-toto+json", signatures: [signature] },
          hash: { algorithm: "sha256", value: envelopeSha256 },
          payloadHash: { algorithm: "sha256", value: sha256(payload) },
        },
      },
    }),
  ),
});

const firstBundle = (
  signer: Json,
  entry: Json,
  envelope: { payload: string; sig: string; keyid: string },
): Json => ({
  mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
  verificationMaterial: {
    ...(signer as object),
    tlogEntries: [entry],
    timestampVerificationData: { rfc3161Timestamps: [] },
  },
  dsseEnvelope: {
    payload: envelope.payload,
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ sig: envelope.sig, keyid: envelope.keyid }],
  },
});

/** What the registry answers for sigstore 0.4.0: its workflow's provenance and the registry's own attestation. */
export const npmAttestations = {
  attestations: [
    {
      predicateType: "https://slsa.dev/provenance/v0.2",
      bundle: firstBundle(
        { x509CertificateChain: { certificates: [{ rawBytes: WORKFLOW_CERTIFICATE }] } },
        intotoEntry({
          payload: PROVENANCE,
          signature: { publicKey: base64(pem(WORKFLOW_CERTIFICATE)), sig: base64(WORKFLOW_SIGNATURE) },
          envelopeSha256: "2557adccb1bdf1606711b903e1bdb8c02aa616338c6463657bbd03ebb4f74211",
          logIndex: "10960845",
          time: "1673458312",
          promise:
            "MEYCIQDzgIQqH7VfIGmZ3wQ7WQ5wnGnhZrv6/3Q90rOK2vsWrgIhAJUvX2WQ/BDp4oti3LEdFzG8KpJIU7sMfSRehK8BRQ+r",
        }),
        { payload: PROVENANCE, sig: WORKFLOW_SIGNATURE, keyid: "" },
      ),
    },
    {
      predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
      bundle: firstBundle(
        { publicKey: { hint: REGISTRY_KEY_ID } },
        intotoEntry({
          payload: PUBLISH,
          signature: {
            keyid: REGISTRY_KEY_ID,
            publicKey: base64(`-----BEGIN PUBLIC KEY-----\n${REGISTRY_KEY}\n-----END PUBLIC KEY-----`),
            sig: base64(PUBLISH_SIGNATURE),
          },
          envelopeSha256: "14347f4126014b91743d659dcfcfd6fb658a0f9f3d310c507f5e35c70f00dcdd",
          logIndex: "10960848",
          time: "1673458314",
          promise:
            "MEQCIEEIjIhzK2F4a9yt9peEarFYCBQETNkLAvHh4Q+suCbvAiAMOAoaKdW/+cU07wHSiG//gSJTeFDB30dl0dSx9dRG4g==",
        }),
        { payload: PUBLISH, sig: PUBLISH_SIGNATURE, keyid: REGISTRY_KEY_ID },
      ),
    },
  ],
} satisfies Json;

/** Of the tarball the attestations are about. */
export const npmPackage = {
  package: "sigstore",
  version: "0.4.0",
  identity: {
    subject: "https://github.com/sigstore/sigstore-js/.github/workflows/publish.yml@refs/tags/v0.4.0",
    issuer: "https://token.actions.githubusercontent.com",
  },
};

/** The registry's metadata of light-cycle 1.4.3, as far as it is signed. */
export const signedRelease = {
  name: "light-cycle",
  version: "1.4.3",
  dist: {
    integrity:
      "sha512-sFcuivsDZ99fY0TbvuRC6CDXB8r/ylafjJAMnbSF0y4EMM1/1DtQo40G2WKz1rBbyiz4SLAc3Wa6yZyC4XSGOQ==",
    signatures: [
      {
        keyid: REGISTRY_KEY_ID,
        sig: "MEUCIQCX/49atNeSDYZP8betYWEqB0G8zZnIyB7ibC7nRNyMiQIgHosOKHhVTVNBI/6iUNSpDokOc44zsZ7TfybMKj8YdfY=",
      },
    ],
  },
} satisfies Json;

/** SHA-256 of the file that PyPI's provenance is about. */
export const pypiFileSha256 = "461317362419124b6012e855423a9078d6de8aed3e74fa78cc74d669b23dc6cf";

const PUBLISHER_CERTIFICATE =
  "MIIC7DCCAnKgAwIBAgIUVJkn21utBSU3vjewVuPQb3e8Jz0wCgYIKoZIzj0EAwMwNzEVMBMGA1UEChMMc2lnc3RvcmUuZGV2MR4wHAYDVQQDExVzaWdzdG9yZS1pbnRlcm1lZGlhdGUwHhcNMjUwNDIxMTUwMjI3WhcNMjUwNDIxMTUxMjI3WjAAMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE16HRcqztt38BoUOwhhagqdU43mBPeR9sctF0jTQ00NUpjWqvPc8CMmKR85kpwFxS2WfPe7D0wIByY8ZfdgT/66OCAZEwggGNMA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAzAdBgNVHQ4EFgQUi5A/s39XjLixRjkQs8mHtSEpTFMwHwYDVR0jBBgwFoAU39Ppz1YkEZb5qNjpKFWixi4YZD8wQAYDVR0RAQH/BDYwNIEyOTE5NDM2MTU4MjM2LWNvbXB1dGVAZGV2ZWxvcGVyLmdzZXJ2aWNlYWNjb3VudC5jb20wKQYKKwYBBAGDvzABAQQbaHR0cHM6Ly9hY2NvdW50cy5nb29nbGUuY29tMCsGCisGAQQBg78wAQgEHQwbaHR0cHM6Ly9hY2NvdW50cy5nb29nbGUuY29tMIGLBgorBgEEAdZ5AgQCBH0EewB5AHcA3T0wasbHETJjGR4cmWc3AqJKXrjePK3/h4pygC8p7o4AAAGWWN88EgAABAMASDBGAiEA9EUW3yTYEtEeZ0SMaYlHPZ2+LHrae1hb+9bCRmdMjgwCIQDSMxXrTejGcgOZqJT8jxCZT77yieMU16PO92ZrpQ5wrjAKBggqhkjOPQQDAwNoADBlAjEAxl/X0fmqgftikX/Lq+c++syGCCNf1zHB35VYPSqN+vZvLEzbASrJjx6fFMID8pF4AjBXeTTem553VCEM3Y9bMuM9eSen6by5XyGTWL0j7ro/YjmSC+xs9IHoSHQ6vYRQH00=";
const PUBLISHER_SIGNATURE =
  "MEUCIQDvmv1O9ioY84yUE79+ckD+AF3uHi+twKtJRfUlyYgCyQIgRDcFfWof5Gf4lvJzkTKGtNaJ9NlCHF+BA3yUwRKNaTw=";
const UPLOAD = base64(
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      {
        name: "gcb_attestation_test-0.0.0.tar.gz",
        digest: { sha256: pypiFileSha256 },
      },
    ],
    predicateType: "https://docs.pypi.org/attestations/publish/v1",
    predicate: null,
  }),
);

/** What PyPI answers for gcb_attestation_test 0.0.0; its log entry has promise, proof and checkpoint. */
export const pypiProvenance = {
  version: 1,
  attestation_bundles: [
    {
      publisher: { kind: "Google", email: "919436158236-compute@developer.gserviceaccount.com" },
      attestations: [
        {
          version: 1,
          envelope: { statement: UPLOAD, signature: PUBLISHER_SIGNATURE },
          verification_material: {
            certificate: PUBLISHER_CERTIFICATE,
            transparency_entries: [
              {
                logIndex: "200170367",
                logId: { keyId: LOG_ID },
                kindVersion: { kind: "dsse", version: "0.0.1" },
                integratedTime: "1745247747",
                inclusionPromise: {
                  signedEntryTimestamp:
                    "MEUCIQD7SQTmBd5ANk107TOcsarnbywnOM8GvPiFjsnd3XE8iQIgGSUUbpi8Qi4Oh/+hmOT9JQhsWpLFJd7l6DKwZeSWwMs=",
                },
                inclusionProof: {
                  logIndex: "78266105",
                  rootHash: "yTVQR2Socsw5nyWnvnYLqwOxBQRXiOZORK1cgJ6y7qI=",
                  treeSize: "78266107",
                  checkpoint: {
                    envelope:
                      "rekor.sigstore.dev - 1193050959916656506\n78266107\nyTVQR2Socsw5nyWnvnYLqwOxBQRXiOZORK1cgJ6y7qI=\n\n— rekor.sigstore.dev wNI9ajBFAiEA7otHsrHxWEz4Cl6rzVxxwPutBhHfcvOuRrUTM5srjUYCIF10wsHxGBfjflyR5QTTYl6Wcj9GpAMsN2uHkANKgRGu\n",
                  },
                  hashes: [
                    "KVLYepdrDI5/LfHdWT1V7PN/MotHRCtfRperGwlO9JA=",
                    "lMH6ki0y7U5Of2brFmlIYF03HuN88eFy6T8eWlyB/dk=",
                    "4O+gSq+awPls7N18oHMxdt/NTTOAOViQy6fQWvYR4FU=",
                    "UdNOa+z8HXYyMRlPTrMP6f0u2SuYAycU9osH2XmfOFE=",
                    "fKLixv2KO9tAJNy/Y7Jx9jp4xsOmz/iWHfGo6h/tQfY=",
                    "iiMUkc1juY2OYURyjaGDN4yeGwK+vlahZgBqGwaoxxk=",
                    "Qs31aP8k4DnnQFAbKPqTVyMQnPITYnouZgayf6eVuH0=",
                    "Gj0wra8n0qTMwIaUpL2oKbJ5hRKqfEBMeGWQ0znz+Uc=",
                    "12yDkzWUtOuQpFBmsOEepvEQN6k8pfUARwzfDsqE5o4=",
                    "H6YN+nyPx48sKudbYXqp6lrbloDk93pvBQXfe01rpaQ=",
                    "CkAnGwVEwNrYv/Y6Lbm9Q/XPKBSzJh4VT7/YI1PU48Y=",
                    "nDWqvIPJey+hFoi5jU9xvVb382cPBtUxKz54B39oXfE=",
                    "3NymYFL9lsZznt4xbSrh8IjEcFrJYRYBn1Elo+ASpeA=",
                    "2c0Z0VGteoqr0adlQJB2QTdZT3Cn912kMtCAGoE/xW0=",
                    "PHJDSL8Ui2OWQsJZ4vZa/V48UosV5lnRgMOoVTBsbDw=",
                    "gGNvqHSiyarbPiEG0lmBLLIhU2F6djF/wmlcFeaQdP8=",
                    "7v8qPHNDLerpduaMx06eb/MwgoQwczTn/cYGKX/9wZ4=",
                  ],
                },
                canonicalizedBody: base64(
                  JSON.stringify({
                    apiVersion: "0.0.1",
                    kind: "dsse",
                    spec: {
                      envelopeHash: {
                        algorithm: "sha256",
                        value: "0c177a88606f5a4b85ffcf17b0092772523a8fdf0cf7f51ece17ea195f567418",
                      },
                      payloadHash: { algorithm: "sha256", value: sha256(UPLOAD) },
                      signatures: [
                        { signature: PUBLISHER_SIGNATURE, verifier: base64(pem(PUBLISHER_CERTIFICATE)) },
                      ],
                    },
                  }),
                ),
              },
            ],
          },
        },
      ],
    },
  ],
} satisfies Json;
