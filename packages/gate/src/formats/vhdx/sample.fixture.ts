/** A VHDX with a FAT file system, made by qemu-img 7.2. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(VHDX, "base64"));

const VHDX =
  "n////yAGHvg89CWV0nbCn1RSg3kyToV4nYCpm+dpQAEl/qQJ/DemBpSGgUdjIixcgFnmYRxxd9vDQMoC8TDAAHNMp46gKwZFHkG1p2/QswjUluVlrTj0/HC8CSYawTJsMcECu+Y9gAUz3VMA/R40ctS8PSWnagGmPmt3aP0a9PGyy+BWZYThp08BQ/ts4ny9zraa1VWMenQP6BKgcHS7ByDdBQBU1ntvd9j7qHgPEKYa5G7k4zN19+XEtqe/j3iCf1FQ/zB3H7B5cP5cGQDIWd46b8o3PE5kGaYc+xugCQIAUABQP7tm9wHfo4HV/2JT1Qx2lIAZAEbdewX2btH83OygjHE3EQAgAQASADCY8fLz+hZ3UTX5uF6H+dx5LnpwCOBd2AEAgDobAAABgCR6JEBglD0AwCh2APCYfrRAftBxew+gzgaNuvcOZH7NGGA/A/iD1Zq3zT3Ta/PLM7is0vLDVa/nhSChCagCAFM9LpiOHVjmV2qY3HjD8Uu15tKtOgBwzai38VnpFO/D79u0HtDloyChoN3xTe4b51/R8q31/WR5+de1VIGEKqq7/M4NJHst9Dre83JHRHhHzFSMAfcA5SPMcwfYAABIALT0VAwkfPXfX2up5GxPtc5ABmSNtgdArPPa6UBxYc5ik5z0JciShKSwgR8SCjIy2MCssbNb/oWEZtUpgJXk4x5lbiG61Z/YmLjm+uTmJTox5fp1GgwoKa8/WDwZGDEw+vW/AEsAerrImD8/gQAAnV5pgIs2DMCGSxwQLJk5RfMXLFgp0kuy9LQjTwDArcyVojB7pVgyXyxZtDLsCIBoIlF4Vjwkoq/++H9zVUvjvwHA3UVMVFyUGIXd4pXJk8KqUUYd8Ak9RUDLr2hatj+VK+b2l5ddVDRf+2yaT9VEVPoWBxHJxMSCYc2jCTm3VAlSpXDplADoaP0FF/yi/JJs7R3DVns/Np//EQ==";
