import { defineRegistry } from "@sallyport/core";
import { appBundle } from "./app-bundle/index.ts";
import { appImage } from "./app-image/index.ts";
import { appx } from "./appx/index.ts";
import { conda } from "./conda/index.ts";
import { crate } from "./crate/index.ts";
import { electronApp } from "./electron-app/index.ts";
import { gem } from "./gem/index.ts";
import { helmChart } from "./helm-chart/index.ts";
import { jar } from "./jar/index.ts";
import type { Manifest } from "./manifest.ts";
import { npm } from "./npm/index.ts";
import { nupkg } from "./nupkg/index.ts";
import { ociImage } from "./oci-image/index.ts";
import { sdist } from "./sdist/index.ts";
import { snap } from "./snap/index.ts";
import { squirrel } from "./squirrel/index.ts";
import { vsix } from "./vsix/index.ts";
import { wheel } from "./wheel/index.ts";

/** In the order they are asked at the end of a container: the most exact first; the first answer counts. */
export const manifests = defineRegistry<Manifest>("manifest", [
  ociImage,
  gem,
  conda,
  helmChart,
  crate,
  sdist,
  npm,
  wheel,
  nupkg,
  squirrel,
  vsix,
  electronApp,
  snap,
  appImage,
  appx,
  jar,
  appBundle,
]);
