export const sample = (): Buffer =>
  Buffer.from(
    '<#\r\n.SYNOPSIS\r\nSays hello.\r\n#>\r\nparam(\r\n  [string]$Name = "you"\r\n)\r\nWrite-Host "hello, $Name"\r\n',
  );
