/**
 * What signs mean together. Each of them is ordinary; a file that gains all of a row is not. Sources: reports about the
 * compromises of event-stream (2018), ua-parser-js (2021), Codecov's uploader (2021), ctx and phpass (2022), Ultralytics
 * and solana-web3.js (2024), tj-actions, nx, chalk and debug, and the npm worms (2025).
 * @module
 */

import type { Risk } from "../trait.ts";

export interface Combination {
  readonly id: string;
  /** A sign of each list, close to each other. */
  readonly needs: readonly (readonly string[])[];
  /** When no file of the release before did this. */
  readonly risk: Risk;
  /** Goes on from `the script `. */
  readonly does: string;
}

/** Nobody needs these but the program they belong to. */
const PERSONAL = ["browser-profiles", "wallets", "keychain", "messengers"];
const CREDENTIALS = ["private-keys", "registry-credentials", "cloud-credentials", "repository-credentials"];
const COLLECTIONS = ["environment", "home-folder"];
const OUT = ["sends"];

export const COMBINATIONS: readonly Combination[] = [
  {
    id: "steals-personal-data",
    needs: [PERSONAL, OUT],
    risk: "high",
    does: "reads what people keep and sends data",
  },
  {
    id: "steals-credentials",
    needs: [CREDENTIALS, OUT],
    risk: "high",
    does: "reads credentials and sends data",
  },
  {
    id: "steals-collection",
    needs: [COLLECTIONS, OUT],
    risk: "high",
    does: "collects all environment variables or what lies in the home folder, and sends data",
  },
  {
    id: "steals-tokens",
    needs: [["tokens"], OUT],
    risk: "medium",
    does: "collects tokens of several services and sends data",
  },
  {
    id: "scans-for-secrets",
    needs: [["secret-scanner"], ["sends", "fetches", "runs"]],
    risk: "high",
    does: "searches the machine for secrets",
  },
  {
    id: "asks-assistant",
    needs: [["drives-assistant"], [...PERSONAL, ...CREDENTIALS, "environment"]],
    risk: "high",
    does: "lets a coding assistant look for secrets",
  },
  {
    id: "spreads",
    needs: [["registry-credentials"], ["publishes"]],
    risk: "high",
    does: "reads a registry's credentials and publishes packages",
  },
  {
    id: "downloads-and-runs-hidden",
    needs: [["fetches"], ["runs"], ["out-of-sight"]],
    risk: "high",
    does: "gets something from the network and starts a program out of sight",
  },
  {
    id: "downloads-and-runs",
    needs: [["fetches"], ["runs"], ["temporary-place"]],
    risk: "medium",
    does: "gets something from the network and starts a program, by way of a temporary folder",
  },
  {
    id: "stays",
    needs: [["persists"], ["fetches", "out-of-sight", "encoded-command", "encoded-script", "sends"]],
    risk: "high",
    does: "makes something start by itself later, and talks to the network or hides",
  },
  {
    id: "covers-tracks",
    needs: [["removes-itself"], ["fetches", "sends", "runs"]],
    risk: "high",
    does: "removes its own file after it ran",
  },
  {
    id: "takes-payments",
    needs: [["hooks-requests"], ["payment-addresses"]],
    risk: "high",
    does: "puts itself between a page and the network where payments are made",
  },
  {
    id: "runs-picture",
    needs: [["reads-picture"], ["runs-text"]],
    risk: "high",
    does: "reads a picture, a font or a sound, and runs text as code",
  },
  {
    id: "takes-cards",
    needs: [["payment-cards"], OUT],
    risk: "medium",
    does: "reads fields of payment cards and sends data",
  },
  {
    id: "reports-machine",
    needs: [["identifies"], OUT],
    risk: "medium",
    does: "collects who and where the machine is and sends data",
  },
  {
    id: "reports-machine-in-names",
    needs: [["identifies"], ["asks-names"]],
    risk: "high",
    does: "collects who and where the machine is and puts it into names that are looked up",
  },
  {
    id: "takes-workflow-secrets",
    needs: [["workflow-secrets"], ["sends", "runs", "fetches", ...CREDENTIALS]],
    risk: "high",
    does: "writes a workflow that reads the secrets of a repository",
  },
];
