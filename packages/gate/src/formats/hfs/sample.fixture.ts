/** An HFS+ volume of three files, made by xorriso 1.5.4. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(HFS, "base64"));

const HFS =
  "H/9fAJ4Hts1mK8UiuvBaONpLbEh9iod/97r7kvw0/awpkVP4tY0Z03M8VR6JxyIcwoKqwuM6uu0ev6fACN0lVGguKcJhAw4ClVTzGW40Q0hVEzfzQAKMfGMCeecTE41gmqeJLZDOExjW+fJI1sT9A9AX9L/zHYsJJYX4EyVlyS1YOt9RGKlfpg4AxruyRigXf0BG0GAKgIYGywAILslJNAgMESQ1tElw9w+mDcxDQaDAhSAjEOj5z/N5qSABzPONih3XAOCLfJz7d+IAk9BjFaG5UEh4IhqHBYKMtEsoJAiAPg7+ICoVCZnevRFIOjdUr3YzJAHmx8o3/34GpuwOAIDRO8BexO4TQaVBYICg+NaRDD1o9GbHrMAskP13gPIhr4tIqkedWqkygiCwaCH6WqvxeRSskqkHF8ivU1gMi8iM3JzAos7tuvZsydLBcn0dNAVdsYTCvHT3AgCZy/JRymY4ZjMtJr04lIL8sd7oEQANSNpwfYM4OANoc4d909I6O/HXEzF/q8Y8F6yBX7O0xft2AGDyQ43wOwBb2QE=";
