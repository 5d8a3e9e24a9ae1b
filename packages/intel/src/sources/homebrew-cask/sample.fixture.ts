/** The API's list of casks, with one that differs by architecture. @module */

export const casks = [
  {
    token: "app",
    full_token: "app",
    tap: "homebrew/cask",
    name: ["Example App"],
    homepage: "https://software.example/",
    url: "https://software.example/App-1.2.3-arm64.dmg",
    version: "1.2.3,4567",
    sha256: "ab".repeat(32),
    variations: {
      sequoia: { url: "https://software.example/App-1.2.3-x64.dmg", sha256: "cd".repeat(32) },
      sonoma: { url: "https://software.example/App-1.2.3-x64.dmg", sha256: "cd".repeat(32) },
    },
  },
];

/** As it is fetched. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "cask.json": Buffer.from(JSON.stringify(casks)),
};
