/** A manifest of a small application. */

export const MANIFEST = `\ufeff<?xml version="1.0" encoding="utf-8"?>
<!-- made for a test -->
<asmv1:assembly manifestVersion="1.0" xmlns:asmv1="urn:schemas-microsoft-com:asm.v1" xmlns="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">
  <asmv1:assemblyIdentity name="Demo.exe" version="1.2.3.4" publicKeyToken="0000000000000000" language="neutral" processorArchitecture="amd64" type="win32" />
  <application />
  <dependency>
    <dependentAssembly dependencyType="install" codebase="Demo.exe" size="10">
      <assemblyIdentity name="Demo" version="9.9.9.9" language="neutral" processorArchitecture="msil" />
    </dependentAssembly>
  </dependency>
</asmv1:assembly>`;

export const sample = (): Buffer => Buffer.from(MANIFEST);
