import { expect, it } from "vitest";
import { familyName } from "./family-name.ts";

it("gives the family names that Microsoft publishes of its own packages", () => {
  const microsoft = "CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US";
  expect(familyName("Microsoft.WindowsCalculator", microsoft)).toBe(
    "Microsoft.WindowsCalculator_8wekyb3d8bbwe",
  );
  const windows = "CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US";
  expect(familyName("Microsoft.Windows.Search", windows)).toBe("Microsoft.Windows.Search_cw5n1h2txyewy");
});
