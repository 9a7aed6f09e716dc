"""Inputs that grow, for tests/growth/steps.py and bench/growth: one row a shape.

INPUTS is a table of name and maker. A maker writes the input of size n into a folder and gives the arguments of tutela
that read it. Each shape has one thing n times: components, duplicates, notes, identifiers, a chain n deep, a text n long.
"""
import json

INPUTS = []


def row(name):
    def enter(make):
        INPUTS.append((name, make))
        return make
    return enter


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def reading(prefix, suffix, shapes, arguments=("sbom", "show")):
    """One row for each shape (name, n -> content) of one form of document."""
    for name, content in shapes.items():
        def make(folder, n, content=content):
            return [*arguments, put(folder, "input" + suffix, content(n))]
        INPUTS.append((f"{prefix}: {name}", make))


# ---- CycloneDX ----

def cdx(components=(), **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components), **more}


def part(i, **more):
    return {"type": "library", "bom-ref": f"r{i}", "name": f"n{i}", "version": f"1.{i}", "purl": f"pkg:npm/n{i}@1.{i}",
            **more}


def one(**more):
    return cdx([part(0, **more)])


def nested(n):
    text = '{"type":"library","name":"a","components":['
    depth = 24  # readers refuse a document that is deeper than their limit of 64
    return '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[' + ",".join(
        [text * depth + "]}" * depth] * max(1, n // depth)) + "]}"


def cpe(i, product=None):
    return f"cpe:2.3:a:acme:{product or f'b{i}'}:1.{i}:*:*:*:*:*:*:*"


CDX = {
    "components": lambda n: cdx(part(i) for i in range(n)),
    "components, all alike": lambda n: cdx(part(0) for i in range(n)),
    "components without a name": lambda n: cdx({"type": "library", "bom-ref": f"r{i}"} for i in range(n)),
    "components with unknown members": lambda n: cdx(part(i, **{f"x{i}": 1}) for i in range(n)),
    "components with members of a wrong type": lambda n: cdx(part(i, licenses=7, hashes="x") for i in range(n)),
    "components nested": nested,
    "chain of dependencies": lambda n: cdx((part(i) for i in range(n)), dependencies=[
        {"ref": f"r{i}", "dependsOn": [f"r{i + 1}"]} for i in range(n - 1)]),
    "circle of dependencies": lambda n: cdx((part(i) for i in range(n)), dependencies=[
        {"ref": f"r{i}", "dependsOn": [f"r{(i + 1) % n}"]} for i in range(n)]),
    "one depends on all": lambda n: cdx((part(i) for i in range(n)), dependencies=[
        {"ref": "r0", "dependsOn": [f"r{i}" for i in range(1, n)]}]),
    "the same dependency": lambda n: cdx((part(i) for i in range(2)), dependencies=[
        {"ref": "r0", "dependsOn": ["r1"]} for i in range(n)]),
    "dependencies on nothing": lambda n: cdx([part(0)], dependencies=[
        {"ref": f"x{i}", "dependsOn": [f"y{i}"]} for i in range(n)]),
    "CPE properties": lambda n: one(properties=[{"name": "syft:cpe23", "value": cpe(i)} for i in range(n)]),
    "CPE properties of one product": lambda n: one(properties=[
        {"name": "syft:cpe23", "value": cpe(i, "openssl")} for i in range(n)]),
    "CPE properties, all alike": lambda n: one(properties=[{"name": "syft:cpe23", "value": cpe(0)} for i in range(n)]),
    "CPE properties that are none": lambda n: one(properties=[{"name": "syft:cpe23", "value": f"c{i}"} for i in range(n)]),
    "properties": lambda n: one(properties=[{"name": f"p{i}", "value": f"v{i}"} for i in range(n)]),
    "properties of one name": lambda n: one(properties=[{"name": "p", "value": f"v{i}"} for i in range(n)]),
    "CVE_STATUS": lambda n: one(properties=[
        {"name": f"CVE_STATUS[CVE-2024-{10000 + i}]", "value": "patched"} for i in range(n)]),
    "hashes": lambda n: one(hashes=[{"alg": "SHA-256", "content": f"{i:064x}"} for i in range(n)]),
    "licences": lambda n: one(licenses=[{"license": {"name": f"L{i}"}} for i in range(n)]),
    "licences, one each": lambda n: cdx(part(i, licenses=[{"license": {"name": f"L{i}"}}]) for i in range(n)),
    "licence ids": lambda n: one(licenses=[{"license": {"id": f"L{i}"}} for i in range(n)]),
    "licence expression": lambda n: one(licenses=[{"expression": " OR ".join(f"L{i}" for i in range(n))}]),
    "external references": lambda n: one(externalReferences=[
        {"type": "website", "url": f"https://a.example/{i}"} for i in range(n)]),
    "patches": lambda n: one(pedigree={"patches": [{"type": "backport", "resolves": [
        {"type": "security", "id": f"CVE-2024-{10000 + i}"}]} for i in range(n)]}),
    "ancestors": lambda n: one(pedigree={"ancestors": [part(i) for i in range(n)]}),
    "evidence": lambda n: one(evidence={"identity": [
        {"field": "purl", "concludedValue": f"pkg:npm/a@{i}"} for i in range(n)]}),
    "occurrences": lambda n: one(evidence={"occurrences": [{"location": f"/a/{i}"} for i in range(n)]}),
    "tools and authors": lambda n: cdx([part(0)], metadata={
        "tools": [{"name": f"t{i}"} for i in range(n)], "authors": [{"name": f"a{i}"} for i in range(n)]}),
    "services": lambda n: cdx([part(0)], services=[{"bom-ref": f"s{i}", "name": f"s{i}"} for i in range(n)]),
    "compositions": lambda n: cdx((part(i) for i in range(n)), compositions=[
        {"aggregate": "complete", "assemblies": [f"r{i}"]} for i in range(n)]),
    "statements": lambda n: cdx((part(i) for i in range(n)), vulnerabilities=[
        {"id": f"CVE-2024-{10000 + i}", "analysis": {"state": "not_affected"}, "affects": [{"ref": f"r{i}"}]}
        for i in range(n)]),
    "a statement on all": lambda n: cdx((part(i) for i in range(n)), vulnerabilities=[
        {"id": "CVE-2024-10000", "analysis": {"state": "not_affected"}, "affects": [{"ref": f"r{i}"} for i in range(n)]}]),
    "statements on one": lambda n: cdx([part(0)], vulnerabilities=[
        {"id": f"CVE-2024-{10000 + i}", "analysis": {"state": "not_affected"}, "affects": [{"ref": "r0"}]}
        for i in range(n)]),
    "the same statement": lambda n: cdx([part(0)], vulnerabilities=[
        {"id": "CVE-2024-10000", "analysis": {"state": "not_affected"}, "affects": [{"ref": "r0"}]} for i in range(n)]),
    "statement with versions": lambda n: cdx([part(0)], vulnerabilities=[
        {"id": "CVE-2024-10000", "analysis": {"state": "not_affected"}, "affects": [
            {"ref": "r0", "versions": [{"version": f"1.{i}", "status": "unaffected"} for i in range(n)]}]}]),
    "statements on nothing": lambda n: cdx([part(0)], vulnerabilities=[
        {"id": f"CVE-2024-{10000 + i}", "affects": [{"ref": f"x{i}"}]} for i in range(n)]),
    "statements with ratings": lambda n: cdx([part(0)], vulnerabilities=[{"id": "CVE-2024-10000", "ratings": [
        {"method": "other", "score": i % 10} for i in range(n)], "affects": [{"ref": "r0"}]}]),
    "purls that are none": lambda n: cdx(part(i, purl=f"pkg:x{i}") for i in range(n)),
    "purl of many qualifiers": lambda n: one(purl="pkg:npm/a@1?" + "&".join(f"k{i}=v" for i in range(n))),
    "purl with a long path": lambda n: one(purl="pkg:golang/" + "a/" * n + "b@1.0"),
    "a long version": lambda n: one(version="1." * (8 * n) + "1"),
    "a long text": lambda n: one(description="a b.\\n" * (8 * n)),
    "a long name": lambda n: one(name="aB_" * (8 * n)),
    "members, all different": lambda n: cdx([part(0)], **{f"m{i}": i for i in range(n)}),
    "the same member": lambda n: '{"bomFormat":"CycloneDX","specVersion":"1.6",' + '"serialNumber":"a",' * n
                                 + '"components":[]}',
}
reading("CycloneDX", ".json", CDX)
for verb in (["scan"], ["sbom", "check", "--profile", "bsi-tr-03183-2"], ["sbom", "convert", "--to", "spdx-2.3-json"],
             ["sbom", "convert", "--to", "cyclonedx-1.6-json"], ["sbom", "convert", "--to", "spdx-3.0.1-json"],
             ["sbom", "convert", "--to", "cyclonedx-1.6-xml"], ["sbom", "convert", "--to", "spdx-2.3-tv"]):
    reading(" ".join(verb), ".json", CDX, verb)


@row("sbom diff")
def _(folder, n):
    return ["sbom", "diff", put(folder, "a.json", cdx(part(i) for i in range(n))),
            put(folder, "b.json", cdx(part(i, version="2") for i in range(n)))]


@row("sbom diff, all of one name")
def _(folder, n):
    return ["sbom", "diff", *(put(folder, name, cdx(
        {"type": "library", "name": "a", "version": f"{i}.{name}", "bom-ref": f"r{i}"} for i in range(n)))
        for name in ("a.json", "b.json"))]


@row("sbom merge")
def _(folder, n):
    return ["sbom", "merge", put(folder, "a.json", cdx(part(i) for i in range(n))),
            put(folder, "b.json", cdx(part(i, version="2") for i in range(n))), "--name", "m", "--version", "1"]


@row("sbom merge, flat, all of one name")
def _(folder, n):
    return ["sbom", "merge", *(put(folder, name, cdx(
        {"type": "library", "name": "a", "version": f"{i}.{name}", "bom-ref": f"r{i}"} for i in range(n)))
        for name in ("a.json", "b.json")), "--name", "m", "--version", "1", "--flatten"]


def xml(body, head=""):
    return f'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6">{head}{body}</bom>'


def elements(n, text):
    return "".join(text.replace("@", str(i)) for i in range(n))


COMPONENT = '<component type="library" bom-ref="r@"><name>n@</name><version>1.@</version></component>'
reading("CycloneDX XML", ".xml", {
    "components": lambda n: xml(f"<components>{elements(n, COMPONENT)}</components>"),
    "duplicates": lambda n: xml(f"<components>{elements(n, COMPONENT.replace('@', '0'))}</components>"),
    "unknown elements": lambda n: xml(f"<components>{elements(n, '<x@/>')}</components>"),
    "unknown attributes": lambda n: xml("<components>" + elements(n, '<component y@="1"><name>a</name></component>')
                                        + "</components>"),
    "attributes of one element": lambda n: xml("<components><component " + elements(n // 4, ' y@="1"')
                                               + "><name>a</name></component></components>"),
    "properties": lambda n: xml('<components><component type="library"><name>a</name><properties>' + elements(
        n, '<property name="p@">v</property>') + "</properties></component></components>"),
    "hashes": lambda n: xml('<components><component type="library"><name>a</name><hashes>' + elements(
        n, '<hash alg="MD5">@</hash>') + "</hashes></component></components>"),
    "dependencies": lambda n: xml(f"<components>{elements(n, COMPONENT)}</components><dependencies>"
                                  + elements(n, '<dependency ref="r@"><dependency ref="x@"/></dependency>')
                                  + "</dependencies>"),
    "a text in pieces": lambda n: xml("<components><component><name>" + "a&amp;<!-- -->" * n
                                      + "</name></component></components>"),
    "line ends": lambda n: xml("\n" * (8 * n) + "<components><component><name>a</name></component></components>"),
})

# ---- SPDX ----

DOCUMENT = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "a", "documentNamespace": "https://a.example"}


def spdx(packages, **more):
    return {**DOCUMENT, "packages": list(packages), **more}


def package(i, **more):
    return {"SPDXID": f"SPDXRef-{i}", "name": f"n{i}", "versionInfo": f"1.{i}", **more}


def relation(a, b, kind="DEPENDS_ON"):
    return {"spdxElementId": f"SPDXRef-{a}", "relatedSpdxElement": f"SPDXRef-{b}", "relationshipType": kind}


reading("SPDX JSON", ".json", {
    "packages": lambda n: spdx(package(i) for i in range(n)),
    "duplicates": lambda n: spdx(package(0) for i in range(n)),
    "unknown members": lambda n: spdx(package(i, **{f"x{i}": 1}) for i in range(n)),
    "references": lambda n: spdx([package(0, externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                                           "referenceLocator": f"pkg:npm/a@{i}"} for i in range(n)])]),
    "CPE references": lambda n: spdx([package(0, externalRefs=[
        {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": cpe(i)} for i in range(n)])]),
    "checksums": lambda n: spdx([package(0, checksums=[
        {"algorithm": "SHA1", "checksumValue": f"{i:040x}"} for i in range(n)])]),
    "chain": lambda n: spdx((package(i) for i in range(n)), relationships=[relation(i, i + 1) for i in range(n - 1)]),
    "relations to nothing": lambda n: spdx([package(0)], relationships=[relation(f"a{i}", f"b{i}") for i in range(n)]),
    "unknown relations": lambda n: spdx([package(0)], relationships=[relation(0, 0, f"K{i}") for i in range(n)]),
    "describes": lambda n: spdx((package(i) for i in range(n)), documentDescribes=[f"SPDXRef-{i}" for i in range(n)]),
    "files": lambda n: spdx([package(0)], files=[{"SPDXID": f"SPDXRef-f{i}", "fileName": f"f{i}"} for i in range(n)]),
    "extracted licences": lambda n: spdx([package(0, licenseDeclared="LicenseRef-0")], hasExtractedLicensingInfos=[
        {"licenseId": f"LicenseRef-{i}", "extractedText": "t", "name": f"l{i}"} for i in range(n)]),
    "licences that refer": lambda n: spdx((package(i, licenseDeclared=f"LicenseRef-{i}") for i in range(n)),
                                          hasExtractedLicensingInfos=[
        {"licenseId": f"LicenseRef-{i}", "extractedText": "t", "name": f"l{i}"} for i in range(n)]),
    "annotations": lambda n: spdx([package(0, annotations=[{"comment": f"c{i}"} for i in range(n)])]),
    "source info": lambda n: spdx([package(0, sourceInfo="CVEs fixed: " + elements(n, "CVE-2024-1@ "))]),
    "external documents": lambda n: spdx([package(0)], externalDocumentRefs=[
        {"externalDocumentId": f"DocumentRef-{i}", "spdxDocument": f"https://a.example/{i}"} for i in range(n)]),
})
TAG_VALUE = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nDocumentNamespace: https://a.example\n"
reading("SPDX tag-value", ".spdx", {
    "packages": lambda n: TAG_VALUE + elements(n, "PackageName: n@\nSPDXID: SPDXRef-@\nPackageVersion: 1.@\n"),
    "files": lambda n: TAG_VALUE + elements(n, "FileName: n@\nSPDXID: SPDXRef-@\n"),
    "relations": lambda n: TAG_VALUE + "PackageName: n\nSPDXID: SPDXRef-1\n" + elements(
        n, "Relationship: SPDXRef-1 CONTAINS SPDXRef-@\n"),
    "unknown tags": lambda n: TAG_VALUE + elements(n, "Tag@: x\n"),
    "a text of many lines": lambda n: TAG_VALUE + "PackageName: n\nPackageComment: <text>" + elements(n, "line @\n")
                                      + "</text>\n",
    "references": lambda n: TAG_VALUE + "PackageName: n\nSPDXID: SPDXRef-1\n" + elements(
        n, "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@@1\n"),
    "checksums": lambda n: TAG_VALUE + "PackageName: n\n" + elements(n, "PackageChecksum: SHA1: @\n"),
    "comments": lambda n: TAG_VALUE + elements(n, "# @\n\n"),
})
RDF = ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">{}'
       '<spdx:SpdxDocument rdf:about="#d0"><spdx:specVersion>SPDX-2.3</spdx:specVersion></spdx:SpdxDocument></rdf:RDF>')
RDF_PACKAGE = '<spdx:Package rdf:about="#p@"><spdx:name>n@</spdx:name></spdx:Package>'
reading("SPDX RDF", ".rdf", {
    "packages": lambda n: RDF.format(elements(n, RDF_PACKAGE)),
    "duplicates": lambda n: RDF.format(elements(n, RDF_PACKAGE.replace("@", "0"))),
    "nested": lambda n: RDF.format(elements(
        n, '<spdx:SpdxDocument rdf:about="#d@"><spdx:relationship><spdx:Relationship rdf:nodeID="b@">'
           '<spdx:relatedSpdxElement rdf:resource="#d@"/></spdx:Relationship></spdx:relationship></spdx:SpdxDocument>')),
    "relations of one": lambda n: RDF.format(RDF_PACKAGE + '<spdx:SpdxDocument rdf:about="#d">' + elements(
        n, '<spdx:describesPackage rdf:resource="#p@"/>') + "</spdx:SpdxDocument>"),
    "unknown members": lambda n: RDF.format('<spdx:Package rdf:about="#p">' + elements(n, "<spdx:x@>1</spdx:x@>")
                                            + "</spdx:Package>"),
})
reading("SPDX YAML", ".yaml", {
    "packages": lambda n: "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\npackages:\n" + elements(
        n, "- name: n@\n  SPDXID: SPDXRef-@\n"),
    "unknown members": lambda n: "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n" + elements(n, "x@: 1\n"),
    "a long text": lambda n: "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\ncomment: |\n" + elements(n, "  line @\n"),
})


def spdx3(elements_):
    return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
        {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2024-01-01T00:00:00Z"},
        {"type": "SpdxDocument", "spdxId": "urn:d", "creationInfo": "_:c", "rootElement": ["urn:p0"]}, *elements_]}


def package3(i, **more):
    return {"type": "software_Package", "spdxId": f"urn:p{i}", "name": f"n{i}", "software_packageVersion": f"1.{i}", **more}


reading("SPDX 3", ".json", {
    "packages": lambda n: spdx3(package3(i) for i in range(n)),
    "duplicates": lambda n: spdx3(package3(0) for i in range(n)),
    "relations": lambda n: spdx3([*(package3(i) for i in range(n)), *(
        {"type": "Relationship", "spdxId": f"urn:r{i}", "from": f"urn:p{i}", "to": [f"urn:p{i - 1}"],
         "relationshipType": "dependsOn"} for i in range(n))]),
    "a relation to all": lambda n: spdx3([*(package3(i) for i in range(n)), {
        "type": "Relationship", "spdxId": "urn:r", "from": "urn:p0", "to": [f"urn:p{i}" for i in range(n)],
        "relationshipType": "contains"}]),
    "identifiers": lambda n: spdx3([package3(0, externalIdentifier=[
        {"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": cpe(i)} for i in range(n)])]),
    "agents": lambda n: spdx3([*(package3(i, suppliedBy=f"urn:o{i}") for i in range(n)), *(
        {"type": "Organization", "spdxId": f"urn:o{i}", "name": f"o{i}"} for i in range(n))]),
    "licences": lambda n: spdx3([package3(0), *(
        {"type": "simplelicensing_LicenseExpression", "spdxId": f"urn:l{i}",
         "simplelicensing_licenseExpression": "MIT"} for i in range(n)), *(
        {"type": "Relationship", "spdxId": f"urn:r{i}", "from": "urn:p0", "to": [f"urn:l{i}"],
         "relationshipType": "hasDeclaredLicense"} for i in range(n))]),
    "statements": lambda n: spdx3([package3(0), *(
        {"type": "security_Vulnerability", "spdxId": f"urn:v{i}", "name": f"CVE-2024-{10000 + i}"} for i in range(n)), *(
        {"type": "security_VexNotAffectedVulnAssessmentRelationship", "spdxId": f"urn:s{i}", "from": f"urn:v{i}",
         "to": ["urn:p0"], "relationshipType": "doesNotAffect"} for i in range(n))]),
    "unknown types": lambda n: spdx3({"type": f"T{i}", "spdxId": f"urn:t{i}"} for i in range(n)),
})

# ---- Yocto, Buildroot, SWID, package lists, root file systems ----

reading("Yocto cve-check", ".json", {
    "packages": lambda n: {"version": "1", "package": [{"name": f"n{i}", "version": "1", "products": [
        {"product": f"n{i}", "cvesInRecord": "Yes"}], "issue": []} for i in range(n)]},
    "issues": lambda n: {"version": "1", "package": [{"name": "n", "version": "1", "products": [], "issue": [
        {"id": f"CVE-2024-{10000 + i}", "status": "Patched", "detail": "fix-file-included"} for i in range(n)]}]},
    "products": lambda n: {"version": "1", "package": [{"name": "n", "version": "1", "products": [
        {"product": f"p{i}", "cvesInRecord": "Yes"} for i in range(n)], "issue": []}]},
})
reading("Buildroot", ".json", {
    "packages of show-info": lambda n: {f"p{i}": {"type": "target", "name": f"p{i}", "version": "1", "virtual": False,
                                                 "licenses": "MIT", "dl_dir": "x", "dependencies": [f"p{i - 1}"],
                                                 "reverse_dependencies": []} for i in range(n)},
    "packages of pkg-stats": lambda n: {"packages": {f"p{i}": {"name": f"p{i}", "current_version": "1", "cves": [],
                                                               "cpeid": cpe(i)} for i in range(n)},
                                        "package_status_checks": [], "stats": {}},
    "CVEs of pkg-stats": lambda n: {"packages": {"p": {"name": "p", "current_version": "1", "cves": [], "ignored_cves": [
        f"CVE-2024-{10000 + i}" for i in range(n)]}}, "package_status_checks": [], "stats": {}},
})
reading("SWID", ".xml", {
    "links": lambda n: '<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" name="a" '
                       'tagId="t" version="1">' + elements(n, '<Link rel="component" href="swid:@"/>')
                       + "</SoftwareIdentity>",
})
DPKG = "Package: p@\nStatus: install ok installed\nVersion: 1.@\nArchitecture: amd64\nDepends: p1 (>= 1), q@\n\n"
reading("dpkg", "", {
    "packages": lambda n: elements(n, DPKG),
    "duplicates": lambda n: elements(n, DPKG.replace("@", "0")),
    "fields": lambda n: "Package: p\nStatus: install ok installed\nVersion: 1\n" + elements(n, "Field@: x\n"),
    "depends": lambda n: "Package: p\nStatus: install ok installed\nVersion: 1\nDepends: " + elements(n, "p@, ") + "p\n",
    "a long description": lambda n: "Package: p\nStatus: install ok installed\nVersion: 1\nDescription: a\n"
                                    + elements(n, " line @\n"),
})
APK = "C:Q1\nP:p@\nV:1.@-r0\nA:x86_64\no:o@\n\n"
reading("apk", "", {
    "packages": lambda n: elements(n, APK),
    "files": lambda n: "C:Q1\nP:p\nV:1-r0\n" + elements(n, "F:usr/@\nR:f@\n") + "\n",
    "depends": lambda n: "C:Q1\nP:p\nV:1-r0\nD:" + elements(n, "so:l@ ") + "\n\n",
})


@row("root file system: dpkg")
def _(folder, n):
    put(folder, "root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    put(folder, "root/var/lib/dpkg/status", elements(n, DPKG))
    return ["sbom", "show", "--rootfs", str(folder / "root")]


@row("root file system: dpkg, a file a package")
def _(folder, n):
    put(folder, "root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    for i in range(n):
        put(folder, f"root/var/lib/dpkg/status.d/p{i}", DPKG.replace("@", str(i)))
    return ["sbom", "show", "--rootfs", str(folder / "root")]


@row("root file system: opkg")
def _(folder, n):
    put(folder, "root/etc/os-release", "ID=openwrt\nVERSION_ID=23.05\n")
    put(folder, "root/usr/lib/opkg/status", elements(n, DPKG))
    for i in range(n):
        put(folder, f"root/usr/lib/opkg/info/p{i}.control", f"Package: p{i}\nVersion: 1.{i}\nSource: feeds/p{i}\n")
    return ["sbom", "show", "--rootfs", str(folder / "root")]


@row("root file system: apk")
def _(folder, n):
    put(folder, "root/etc/os-release", "ID=alpine\nVERSION_ID=3.19.0\n")
    put(folder, "root/lib/apk/db/installed", elements(n, APK))
    return ["sbom", "show", "--rootfs", str(folder / "root")]


@row("root file system: fields of os-release")
def _(folder, n):
    put(folder, "root/etc/os-release", "ID=alpine\nVERSION_ID=3.19.0\n" + elements(n, "FIELD_@=x\n"))
    put(folder, "root/lib/apk/db/installed", elements(1, APK))
    return ["sbom", "show", "--rootfs", str(folder / "root")]


# ---- advisories ----

def building(prefix, shapes, suffix=".json"):
    """Each shape is built into a knowledge base of its own."""
    for name, content in shapes.items():
        def make(folder, n, content=content):
            return ["kb", "build", "--jobs=1", "-o", str(folder / "out.kb"), put(folder, "input" + suffix, content(n))]
        INPUTS.append((f"{prefix}: {name}", make))


def cve(i):
    return f"CVE-2024-{10000 + i}"


def cve5(i=0, containers=None, **cna):
    return {"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {
        "cveId": cve(i), "state": "PUBLISHED", "datePublished": "2024-01-01T00:00:00Z"}, "containers": {
            "cna": {"descriptions": [{"lang": "en", "value": "t"}], "providerMetadata": {"orgId": "a"},
                    "affected": [{"vendor": "acme", "product": f"p{i}", "versions": [
                        {"version": "1", "status": "affected"}]}], **cna}, **(containers or {})}}


def affected(i, **more):
    return {"vendor": "acme", "product": f"p{i}", "versions": [{"version": "1", "lessThan": "2", "status": "affected",
                                                                "versionType": "semver"}], **more}


building("CVE 5", {
    "records": lambda n: "\n".join(json.dumps(cve5(i)) for i in range(n)),
    "the same record": lambda n: "\n".join(json.dumps(cve5(0)) for i in range(n)),
    "products": lambda n: cve5(affected=[affected(i) for i in range(n)]),
    "versions": lambda n: cve5(affected=[affected(0, versions=[
        {"version": f"{i}.0", "status": "affected"} for i in range(n)])]),
    "ranges": lambda n: cve5(affected=[affected(0, versions=[
        {"version": f"{i}.0", "lessThan": f"{i}.5", "status": "affected", "versionType": "semver"} for i in range(n)])]),
    "ranges that cannot be read": lambda n: cve5(affected=[affected(0, versions=[
        {"version": f"{i} to x", "lessThan": f"?{i}", "status": "affected"} for i in range(n)])]),
    "changes": lambda n: cve5(affected=[affected(0, versions=[
        {"version": "0", "lessThan": "*", "status": "affected", "versionType": "semver", "changes": [
            {"at": f"{i}.0", "status": "unaffected" if i % 2 else "affected"} for i in range(n)]}])]),
    "CPE names": lambda n: cve5(affected=[affected(0, cpes=[cpe(i) for i in range(n)])]),
    "program files": lambda n: cve5(affected=[affected(0, programFiles=[f"drivers/a{i}.c" for i in range(n)])]),
    "references": lambda n: cve5(references=[{"url": f"https://a.example/{i}"} for i in range(n)]),
    "the same reference": lambda n: cve5(references=[{"url": "https://a.example/"} for i in range(n)]),
    "weaknesses": lambda n: cve5(problemTypes=[{"descriptions": [{"cweId": f"CWE-{i}", "lang": "en"}]} for i in range(n)]),
    "scores": lambda n: cve5(metrics=[{"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                                                   "baseScore": 9.8}} for i in range(n)]),
    "containers": lambda n: cve5(containers={"adp": [{"title": f"t{i}", "affected": [affected(i)]} for i in range(n)]}),
    "texts": lambda n: cve5(descriptions=[{"lang": "de", "value": f"t{i}"} for i in range(n)]),
    "a long text": lambda n: cve5(descriptions=[{"lang": "en", "value": "a. b " * (8 * n)}]),
    "problems": lambda n: cve5(affected=[7] * n),
})


def osv(i=0, **more):
    return {"id": f"OSV-2024-{i}", "modified": "2024-01-01T00:00:00Z", "aliases": [cve(i)], "affected": [
        {"package": {"ecosystem": "npm", "name": f"n{i}"}, "ranges": [
            {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]}], **more}


def chained(i, **more):
    return {**osv(i), "aliases": [f"OSV-2024-{i + 1}"], **more}


building("OSV", {
    "records": lambda n: "\n".join(json.dumps(osv(i)) for i in range(n)),
    "the same record": lambda n: "\n".join(json.dumps(osv(0)) for i in range(n)),
    "a chain of aliases": lambda n: "\n".join(json.dumps(chained(i)) for i in range(n)),
    "a chain of aliases backwards": lambda n: "\n".join(json.dumps(chained(i)) for i in reversed(range(n))),
    "aliases": lambda n: osv(aliases=[cve(i) for i in range(n)]),
    "records of one alias": lambda n: "\n".join(json.dumps(osv(i) | {"aliases": [cve(0)]}) for i in range(n)),
    "related": lambda n: osv(related=[cve(i) for i in range(n)]),
    "records of one package": lambda n: "\n".join(json.dumps({**osv(i), "affected": osv(0)["affected"]}) for i in range(n)),
    "packages": lambda n: osv(affected=[osv(i)["affected"][0] for i in range(n)]),
    "the same package": lambda n: osv(affected=[osv(0)["affected"][0] for i in range(n)]),
    "versions": lambda n: osv(affected=[{**osv()["affected"][0], "versions": [f"{i}.0" for i in range(n)]}]),
    "events": lambda n: osv(affected=[{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [
        {"type": "SEMVER", "events": [{"introduced" if i % 2 == 0 else "fixed": f"{i}.0.0"} for i in range(n)]}]}]),
    "events backwards": lambda n: osv(affected=[{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [
        {"type": "SEMVER", "events": [{"introduced" if i % 2 == 0 else "fixed": f"{n - i}.0.0"} for i in range(n)]}]}]),
    "ranges": lambda n: osv(affected=[{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [
        {"type": "SEMVER", "events": [{"introduced": f"{i}.0.0"}, {"fixed": f"{i}.1.0"}]} for i in range(n)]}]),
    "unknown ecosystems": lambda n: osv(affected=[
        {"package": {"ecosystem": f"E{i}", "name": "a"}} for i in range(n)]),
    "distributions": lambda n: osv(affected=[{"package": {"ecosystem": f"Debian:{i}", "name": "a"}, "ranges": [
        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]} for i in range(n)]),
    "references": lambda n: osv(references=[{"type": "WEB", "url": f"https://a.example/{i}"} for i in range(n)]),
    "problems": lambda n: osv(affected=[7] * n, references=[7] * n),
})


def criteria(i, product=None, **more):
    return {"vulnerable": True, "criteria": f"cpe:2.3:a:acme:{product or f'p{i}'}:*:*:*:*:*:*:*:*", "matchCriteriaId": "0",
            **more}


def nvd(*cves):
    return {"resultsPerPage": len(cves), "startIndex": 0, "totalResults": len(cves), "format": "NVD_CVE", "version": "2.0",
            "timestamp": "2026-01-01T00:00:00.000", "vulnerabilities": [{"cve": c} for c in cves]}


def nvd_cve(i=0, nodes=None, **more):
    return {"id": cve(i), "published": "2024-02-01T10:00:00.000", "lastModified": "2024-02-02T10:00:00.000",
            "vulnStatus": "Analyzed", "descriptions": [], "configurations": [
                {"nodes": nodes or [{"operator": "OR", "cpeMatch": [criteria(i)]}], "operator": "AND"}], **more}


def or_node(count, first=0):
    return {"operator": "OR", "cpeMatch": [criteria(first + i) for i in range(count)]}


NVD = {
    "records": lambda n: nvd(*(nvd_cve(i) for i in range(n))),
    "names": lambda n: nvd(nvd_cve(nodes=[or_node(n)])),
    "the same name": lambda n: nvd(nvd_cve(nodes=[{"operator": "OR", "cpeMatch": [criteria(0)] * n}])),
    "ranges of one product": lambda n: nvd(nvd_cve(nodes=[{"operator": "OR", "cpeMatch": [
        criteria(0, versionStartIncluding=f"{i}.0", versionEndExcluding=f"{i}.5") for i in range(n)]}])),
    "nodes": lambda n: nvd(nvd_cve(nodes=[or_node(1, i) for i in range(n)])),
    "nodes of the same names": lambda n: nvd(nvd_cve(nodes=[or_node(4) for i in range(n // 4)])),
    "configurations": lambda n: nvd(nvd_cve(configurations=[
        {"operator": "AND", "nodes": [or_node(1, i), or_node(1, i + 1)]} for i in range(n)])),
    "names that are none": lambda n: nvd(nvd_cve(nodes=[{"operator": "OR", "cpeMatch": [
        {"vulnerable": True, "criteria": f"x{i}"} for i in range(n)]}])),
    "references": lambda n: nvd(nvd_cve(references=[{"url": f"https://a.example/{i}"} for i in range(n)])),
}
building("NVD", NVD)


@row("scan of a record that joins n nodes of names, against n components")
def _(folder, n):
    import os
    import subprocess
    kb = str(folder / "and.kb")
    feed = put(folder, "nvd.json", nvd(nvd_cve(nodes=[or_node(16) for i in range(n // 16)])))
    subprocess.run([os.environ["TUTELA_GROWTH"], "kb", "build", "-o", kb, feed], check=True, capture_output=True)
    return ["scan", "--kb", kb, put(folder, "sbom.json", cdx(
        {"type": "library", "name": f"p{i}", "version": "1", "cpe": cpe(1, f"p{i}")} for i in range(n)))]


HEAD = {"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "t", "publisher": {
    "category": "vendor", "name": "v", "namespace": "https://v.example"}, "tracking": {
        "id": "A-1", "status": "final", "version": "1", "initial_release_date": "2024-01-01T00:00:00Z",
        "current_release_date": "2024-01-01T00:00:00Z", "revision_history": [
            {"number": "1", "date": "2024-01-01T00:00:00Z", "summary": "s"}]}}}


def leaf(i, name="1"):
    return {"category": "product_version", "name": name, "product": {"product_id": f"P{i}", "name": f"p{i}"}}


def branches(*leaves):
    return [{"category": "vendor", "name": "v", "branches": [
        {"category": "product_name", "name": "p", "branches": list(leaves)}]}]


def csaf(tree, *vulnerabilities):
    return {**HEAD, "product_tree": tree, "vulnerabilities": list(vulnerabilities)}


def status(ids, i=0, **more):
    return {"cve": cve(i), "product_status": {"known_affected": list(ids)}, **more}


def joined(i, part_, whole):
    return {"category": "default_component_of", "product_reference": part_, "relates_to_product_reference": whole,
            "full_product_name": {"product_id": f"R{i}", "name": f"r{i}"}}


def deep(n):
    tree = leaf(0)
    for i in range(24):
        tree = {"category": "product_family", "name": f"f{i}", "branches": [tree]}
    return csaf({"branches": [tree] * (n // 24)}, status(["P0"]))


CSAF = {
    "products": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n)))},
                               status(f"P{i}" for i in range(n))),
    "the same product": lambda n: csaf({"branches": branches(*(leaf(0, f"1.{i}") for i in range(n)))},
                                       status("P0" for i in range(n))),
    "products in two groups": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n)))}, status(
        (f"P{i}" for i in range(n))) | {"product_status": {"known_affected": [f"P{i}" for i in range(n)],
                                                           "fixed": [f"P{i}" for i in range(n)]}}),
    "a chain of relationships": lambda n: csaf({"branches": branches(leaf(0)), "relationships": [
        joined(i, f"R{i - 1}" if i else "P0", "P0") for i in range(n)]}, status(f"R{i}" for i in range(n))),
    "a chain of wholes": lambda n: csaf({"branches": branches(leaf(0)), "relationships": [
        joined(i, "P0", f"R{i - 1}" if i else "P0") for i in range(n)]}, status(f"R{i}" for i in range(n))),
    "a circle of relationships": lambda n: csaf({"branches": branches(leaf(0)), "relationships": [
        joined(i, f"R{(i + 1) % n}", f"R{(i + 1) % n}") for i in range(n)]}, status(f"R{i}" for i in range(n))),
    "relationships": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n))), "relationships": [
        joined(i, f"P{i}", "P0") for i in range(n)]}, status(f"R{i}" for i in range(n))),
    "deep branches": deep,
    "products that are not in the tree": lambda n: csaf({"branches": branches(leaf(0))},
                                                        status(f"X{i}" for i in range(n))),
    "vulnerabilities": lambda n: csaf({"branches": branches(leaf(0))}, *(status(["P0"], i) for i in range(n))),
    "remediations": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n)))}, status(
        (f"P{i}" for i in range(n)), remediations=[{"category": "vendor_fix", "details": f"Update to {i}",
                                                    "product_ids": [f"P{i}"]} for i in range(n)])),
    "flags": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n)))}, {
        "cve": cve(0), "product_status": {"known_not_affected": [f"P{i}" for i in range(n)]}, "flags": [
            {"label": "component_not_present", "product_ids": [f"P{i}"]} for i in range(n)]}),
    "groups": lambda n: csaf({"branches": branches(*(leaf(i, f"1.{i}") for i in range(n))), "product_groups": [
        {"group_id": f"G{i}", "product_ids": [f"P{i}", "P0"]} for i in range(n)]}, status(
            ["P0"], remediations=[{"category": "workaround", "details": "d", "group_ids": [f"G{i}"]} for i in range(n)])),
    "scores": lambda n: csaf({"branches": branches(leaf(0))}, status(["P0"], scores=[{"products": ["P0"], "cvss_v3": {
        "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8,
        "baseSeverity": "CRITICAL"}} for i in range(n)])),
    "notes": lambda n: csaf({"branches": branches(leaf(0))}, status(
        ["P0"], notes=[{"category": "general", "text": f"t{i}"} for i in range(n)])),
    "revisions": lambda n: {**csaf({"branches": branches(leaf(0))}, status(["P0"])), "document": {
        **HEAD["document"], "tracking": {**HEAD["document"]["tracking"], "revision_history": [
            {"number": str(i), "date": "2024-01-01T00:00:00Z", "summary": "s"} for i in range(n)]}}},
}
building("CSAF", CSAF)
reading("csaf validate", ".json", CSAF, ("csaf", "validate"))
reading("vex show, CSAF", ".json", CSAF, ("vex", "show"))

building("KEV", {
    "entries": lambda n: {"title": "t", "catalogVersion": "1", "count": n, "vulnerabilities": [
        {"cveID": cve(i), "vendorProject": "a", "product": "b", "dateAdded": "2024-01-01"} for i in range(n)]},
    "the same entry": lambda n: {"title": "t", "catalogVersion": "1", "count": n, "vulnerabilities": [
        {"cveID": cve(0), "vendorProject": "a", "product": "b", "dateAdded": "2024-01-01"} for i in range(n)]},
})
building("EPSS", {
    "rows": lambda n: "#model_version:v1,score_date:2024-01-01T00:00:00+0000\ncve,epss,percentile\n" + elements(
        n, "CVE-2024-1@,0.1,0.2\n"),
    "rows that cannot be read": lambda n: "#model_version:v1,score_date:2024-01-01T00:00:00+0000\ncve,epss,percentile\n"
                                          + elements(n, "CVE-2024-1@,y,z\n"),
}, ".csv")
building("Debian", {
    "packages": lambda n: {f"p{i}": {cve(i): {"scope": "local", "releases": {"bookworm": {
        "status": "resolved", "fixed_version": "1", "urgency": "low", "repositories": {"bookworm": "1"}}}}}
        for i in range(n)},
    "one package": lambda n: {"p": {cve(i): {"scope": "local", "releases": {"bookworm": {
        "status": "resolved", "fixed_version": "1", "urgency": "low", "repositories": {"bookworm": "1"}}}}
        for i in range(n)}},
})
building("Alpine secdb", {
    "packages": lambda n: {"distroversion": "v3.19", "reponame": "main", "urlprefix": "https://dl-cdn.alpinelinux.org/alpine", "packages": [
        {"pkg": {"name": f"p{i}", "secfixes": {"1.0-r0": [cve(i)]}}} for i in range(n)]},
    "fixes": lambda n: {"distroversion": "v3.19", "reponame": "main", "urlprefix": "https://dl-cdn.alpinelinux.org/alpine", "packages": [
        {"pkg": {"name": "p", "secfixes": {f"1.{i}-r0": [cve(0), cve(i)] for i in range(n)}}}]},
})
building("endoflife.date", {
    "releases": lambda n: {"schema_version": "1.2.0", "total": 1, "result": [
        {"name": "a", "releases": [{"name": f"{i}", "releaseDate": "2020-01-01", "eolFrom": "2024-01-01", "isEol": True}
                                   for i in range(n)]}]},
})
building("lines that are no JSON", {"lines": lambda n: json.dumps(osv()) + "\n" + elements(n, '{"id": @\n')}, ".jsonl")


@row("kb build: files of a folder")
def _(folder, n):
    for i in range(n):
        put(folder, f"feed/{i}.json", osv(i))
    return ["kb", "build", "--jobs=1", "-o", str(folder / "out.kb"), str(folder / "feed")]


@row("kb build: members of an archive")
def _(folder, n):
    import zipfile
    with zipfile.ZipFile(folder / "feed.zip", "w") as archive:
        for i in range(n):
            archive.writestr(f"{i}.json", json.dumps(osv(i)))
    return ["kb", "build", "--jobs=1", "-o", str(folder / "out.kb"), str(folder / "feed.zip")]


# ---- VEX ----

def openvex(statements):
    return {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://a.example/1", "author": "a",
            "timestamp": "2024-01-01T00:00:00Z", "version": 1, "statements": list(statements)}


def statement(i, products):
    return {"vulnerability": {"name": cve(i)}, "products": [{"@id": p} for p in products], "status": "not_affected",
            "justification": "component_not_present"}


OPENVEX = {
    "statements": lambda n: openvex(statement(i, ["pkg:npm/n0@1.0"]) for i in range(n)),
    "the same statement": lambda n: openvex(statement(0, ["pkg:npm/n0@1.0"]) for i in range(n)),
    "products": lambda n: openvex([statement(0, [f"pkg:npm/n{i}@1.{i}" for i in range(n)])]),
    "subcomponents": lambda n: openvex([{**statement(0, []), "products": [
        {"@id": "pkg:npm/n0@1.0", "subcomponents": [{"@id": f"pkg:npm/n{i}@1.{i}"} for i in range(n)]}]}]),
    "aliases": lambda n: openvex([{**statement(0, ["pkg:npm/n0@1.0"]), "vulnerability": {
        "name": cve(0), "aliases": [cve(i) for i in range(n)]}}]),
    "statements of a wrong type": lambda n: openvex([7] * n),
}
reading("vex show, OpenVEX", ".json", OPENVEX, ("vex", "show"))
for kind, shapes in (("OpenVEX", OPENVEX), ("CSAF", {k: v for k, v in CSAF.items() if "circle" not in k}),
                     ("CycloneDX", {k: v for k, v in CDX.items() if "statement" in k})):
    for name_, content_ in shapes.items():
        def checking(folder, n, content=content_):
            return ["vex", "check", put(folder, "vex.json", content(n)), "--sbom",
                    put(folder, "sbom.json", cdx(part(i) for i in range(n)))]
        INPUTS.append((f"vex check, {kind}: {name_}", checking))

# ---- a device folder ----

DEVICE = """schema: tutela-device/1
manufacturer: {name: A, namespace: https://a.example, contact: a@a.example}
family: F
intended_use: u
medical: true
markets: [US, EU]
lifecycle: {state: supported, support_start: 2021-01-01, support_end: 2033-01-01}
"""
RELEASES = """releases:
  - {version: "1", released: 2024-01-01, sbom: s.json}
"""
DECISION = """schema: tutela-decision/1
id: d@
vulnerability: CVE-2024-1@
component: {name: n0}
status: not_affected
justification: component_not_present
impact: i
rationale: r
validity: {releases: ["1"]}
decided_by: P
decided_at: 2026-02-10T15:00:00Z
learned_at: 2026-02-09T14:00:00Z
"""
DEVICES = {
    "releases": lambda n: "releases:\n" + elements(n, '  - {version: "1.@", released: 2024-01-01, sbom: s.json}\n'),
    "variants": lambda n: RELEASES + "variants:\n" + elements(n, '  - {name: V@, model: M@}\n'),
    "hazards": lambda n: RELEASES + "hazards:\n" + elements(n, "  - {id: h@, title: t, severity: minor}\n"),
    "assets": lambda n: RELEASES + "hazards:\n" + elements(n, "  - {id: h@, title: t, severity: minor}\n")
    + "assets:\n" + elements(n, "  - {id: a@, title: t, hazards: [h1]}\n"),
    "interfaces": lambda n: RELEASES + "interfaces:\n" + elements(n, "  - {id: i@, title: t, kind: network}\n"),
    "trusted suppliers": lambda n: RELEASES + "policy:\n  trusted_suppliers:\n" + elements(n, "  - s@\n"),
    "a long text": lambda n: RELEASES + "safety: >-\n" + elements(n, "  line @\n"),
}
# What is defined in a file is looked through for each reference, and decisions for each decision: they are the maker's own,
# written by people; each section has at most 5,000.
BY_HAND = 16
for name_, content_ in DEVICES.items():
    def describing(folder, n, content=content_, name=name_):
        n = n // BY_HAND if name == "assets" else n
        put(folder, "d/s.json", cdx([part(0)]))
        put(folder, "d/device.yaml", DEVICE + content(n))
        return ["device", "check", str(folder / "d")]
    INPUTS.append((f"device.yaml: {name_}", describing))


def deciding(folder, n, decision):
    put(folder, "d/s.json", cdx([part(0)]))
    put(folder, "d/device.yaml", DEVICE + RELEASES)
    for i in range(n):
        put(folder, f"d/decisions/d{i}.yaml", decision(i))


@row("decisions")
def _(folder, n):
    deciding(folder, n // BY_HAND, lambda i: DECISION.replace("@", str(i)))
    return ["device", "check", str(folder / "d")]


@row("decisions, each superseding the one before")
def _(folder, n):
    deciding(folder, n // BY_HAND, lambda i: DECISION.replace("@", str(i)).replace(f"CVE-2024-1{i}", "CVE-2024-10000")
             + (f"supersedes: d{i - 1}\n" if i else ""))
    return ["device", "check", str(folder / "d")]


@row("decision with many events")
def _(folder, n):
    deciding(folder, 1, lambda i: DECISION.replace("@", "1") + "events:\n" + elements(
        n, "  - {event: assessed, at: 2026-02-10T17:00:00Z, evidence: e@}\n"))
    return ["device", "check", str(folder / "d")]


@row("assess: many decisions")
def _(folder, n):
    deciding(folder, n // BY_HAND, lambda i: DECISION.replace("@", str(i)))
    return ["assess", str(folder / "d")]


@row("vex write: many decisions")
def _(folder, n):
    deciding(folder, n // BY_HAND, lambda i: DECISION.replace("@", str(i)))
    return ["vex", "write", str(folder / "d"), "--format", "csaf-vex"]


@row("supplement")
def _(folder, n):
    return ["sbom", "show", put(folder, "s.json", cdx(part(i) for i in range(n))), "--supplement",
            put(folder, "s.yaml", "tutela-supplement: 1\ncomponents:\n" + elements(
                n, "  - select: {name: n@}\n    supplier: s@\n"))]


# ---- design models, their decisions, rule packs ----

MODEL_HEAD = "schema: neutral-device-model/1\nid: x\ntitle: x\n"


def chain(n, members="", more=""):
    """n elements in a chain of n flows, which have these members."""
    return (MODEL_HEAD + "elements:\n" + elements(n, "  - {id: e@, kind: process, count: 1, patients: 1, facts: {debug: open, os: o@}}\n")
            + "flows:\n" + "".join(f"  - {{id: f{i}, from: e{i}, to: e{(i + 1) % n}, medium: ip, fan_out: 1{members}}}\n"
                                   for i in range(n)) + more)


MODELS = {
    "chain": chain,
    "chain that carries commands": lambda n: chain(n, ", carries: [command], authentication: none, freshness: counter"),
    "controls": lambda n: chain(n, "", "controls:\n" + elements(n, "  - {id: c@, covers: [f@], provides: [integrity]}\n")),
    "controls of one flow": lambda n: chain(n, "", "controls:\n" + elements(n, "  - {id: c@, covers: [f1], provides: [x]}\n")),
    "one control of all": lambda n: chain(n, "", "controls:\n  - {id: c, provides: [integrity], covers: ["
                                          + elements(n, "f@, ") + "]}\n"),
    "assumptions": lambda n: chain(n, "", "assumptions:\n" + elements(n, "  - {id: a@, text: t, about: [e@]}\n")),
    "components": lambda n: chain(n, "", "components:\n" + elements(
        n, "  - {id: k@, purl: 'pkg:npm/n@', support: unsupported, elements: [e@]}\n")),
    "components of one element": lambda n: chain(n, "", "components:\n" + elements(
        n, "  - {id: k@, purl: 'pkg:npm/n@', support: unsupported, elements: [e1]}\n")),
}
reading("threat check", ".yaml", MODELS, ("threat", "check"))

for name_, content_ in MODELS.items():
    def comparing(folder, n, content=content_):
        return ["threat", "diff", put(folder, "a.yaml", content(n)), put(folder, "b.yaml", content(n).replace("medium: ip", "medium: radio"))]
    INPUTS.append((f"threat diff: {name_}", comparing))


def designing(folder, n, name, content):
    put(folder, "d/s.json", cdx([part(0)]))
    put(folder, "d/device.yaml", DEVICE + RELEASES)
    put(folder, "d/model.yaml", "schema: tutela-model/1\n" + chain(n).removeprefix(MODEL_HEAD))
    put(folder, f"d/{name}", content)
    return ["threat", "check", str(folder / "d")]


@row("threats.yaml")
def _(folder, n):
    return designing(folder, n, "threats.yaml", "schema: tutela-threats/1\ndecisions:\n" + "".join(
        f"  - {{key: P01@e{i}@, outcome: not-applicable, by: b, reason: r, at: 2026-01-01, facts: ['debug=open']}}\n"
        for i in range(n)))


@row("rule pack")
def _(folder, n):
    return designing(folder, 2, "rules/own.yaml", "schema: tutela-threat-rules/1\nid: own\nversion: '1'\nrules:\n" + elements(
        n // BY_HAND, "  - {id: O@, title: t, on: element, weak: {'debug?': [x@]}, stride: T, category: 4}\n"))


# ---- texts of the command line ----
# Linux takes 128 KiB for one argument: with 16,000, what bench/growth asks for, each must stay below.

for name_, arguments_ in {
    "version compare": lambda n: ["version", "compare", "generic", "1." * (n // 4) + "1", "1." * (n // 4) + "2"],
    "range": lambda n: ["version", "range", "vers", "vers:generic/" + "|".join(f"{i}.1" for i in range(n))],
    "range of npm": lambda n: ["version", "range", "npm", " || ".join(f"^{i}.1.0" for i in range(n // 2))],
    "range of Maven": lambda n: ["version", "range", "maven", ",".join(f"[{i},{i}.5]" for i in range(n // 2))],
    "version in a range": lambda n: ["version", "in", "vers:npm/" + "|".join(f"{i}.1.0" for i in range(n // 2)), "7.1.0"],
    "purl": lambda n: ["purl", "pkg:npm/" + "%41" * (n // 2) + "@1"],
    "CPE": lambda n: ["cpe", "cpe:2.3:a:" + "a" * n + ":b:1:*:*:*:*:*:*:*"],
}.items():
    def saying(folder, n, arguments=arguments_):
        return arguments(n)
    INPUTS.append((f"command line: {name_}", saying))
