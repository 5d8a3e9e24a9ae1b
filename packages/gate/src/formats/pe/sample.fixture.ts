import { buildPeImage } from "../../replica/pe-image.ts";

export const sample = (): Buffer => buildPeImage();
