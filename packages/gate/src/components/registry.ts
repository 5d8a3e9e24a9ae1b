import { defineRegistry } from "@sallyport/core";
import { appBundle } from "./app-bundle/index.ts";
import { composerPackage } from "./composer-package/index.ts";
import { condaPackage } from "./conda-package/index.ts";
import { distributionPackage } from "./distribution-package/index.ts";
import { dotnetDependencies } from "./dotnet-dependencies/index.ts";
import type { ComponentFinder } from "./finder.ts";
import { goBuild } from "./go-build/index.ts";
import { javaRuntime } from "./java-runtime/index.ts";
import { libraryMarksFinder } from "./library-marks/index.ts";
import { mavenCoordinates } from "./maven-coordinates/index.ts";
import { namedLibrary } from "./named-library/index.ts";
import { nodePackage } from "./node-package/index.ts";
import { osRelease } from "./os-release/index.ts";
import { pythonPackage } from "./python-package/index.ts";
import { rubyGem } from "./ruby-gem/index.ts";
import { rustCrates } from "./rust-crates/index.ts";

/** In the order they are asked; what one found does not keep another from looking. */
export const finders = defineRegistry<ComponentFinder>("component finder", [
  nodePackage,
  pythonPackage,
  mavenCoordinates,
  rubyGem,
  composerPackage,
  condaPackage,
  dotnetDependencies,
  distributionPackage,
  osRelease,
  javaRuntime,
  appBundle,
  goBuild,
  rustCrates,
  namedLibrary,
  libraryMarksFinder,
]);
