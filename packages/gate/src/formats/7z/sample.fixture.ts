/** A 7z archive of three files and a link, made by 7-Zip 26.02. @module */

export const sample = (): Buffer => Buffer.from(SEVEN_ZIP, "base64");

const SEVEN_ZIP =
  "N3q8ryccAARuOsHFwQAAAAAAAAAiAAAAAAAAAMZGaNzgBFYAK10ANBlJ7o3dD/+RCc2LB87P5b3/XUQnuayG4/ktshFvWY0NIv7D1LyYdI0gGgAAAIEzB64P0S47sKCQoHdexUAYn7ShOAIp44fo41qQq0t1JUunEYwgNoqcDGHnIbHy0knOnAaEljyd+hMUpQTRCGGrDZXGThWHBb/e78pM2YuYJi6rew8274JLh9qCw5RK6MQwXxIHqrIR6jnZyBibedfPS9oQe74ePDas2q/tefrhnBvJVsVmEk2gAAAAFwYzAQmAjgAHCwEAASMDAQEFXQAQAAAMgNoKAfKLUpoAAA==";
