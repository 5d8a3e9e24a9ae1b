/** The sample text, by `bzip2` 1.0.8. */
export const sample = (): Buffer =>
  Buffer.from(
    "QlpoOTFBWSZTWX5T7yMAAlfRgAAQQAAjZ5xAIACQKYAAClVPSaNMeqbBFsIsEW4i+CLcRfRF0IuRFwIuxFyIthF2ItCLBFgi0IsEWCLBF/EXsRaEXgu5IpwoSD8p95GA",
    "base64",
  );
