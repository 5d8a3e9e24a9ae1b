/** The schema of SARIF 2.1.0, as a public collection carries it. @module */

export const SARIF_SCHEMA = {
  package: "schemastore",
  version: "0.2.2",
  integrity:
    "sha512-cpmpWDZnc58zpa39FYCDnsFZSUuVWLi+dUsQWzMvBbJ9oq7HDItEA+4voF7qGFgcfEjY4I7qWh6+BKc5JeE70A==",
  path: "schemas/json/sarif-2.1.0.json",
};
