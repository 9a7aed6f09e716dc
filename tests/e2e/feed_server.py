"""A real HTTPS server on 127.0.0.1 that plays the sources of knowledge, and their bad days.

Answers are small and ours. A path may be given a list of behaviours that are used up one a request;
then the good answer follows.
"""
import base64
import email.utils
import gzip
import hashlib
import http.server
import io
import json
import pathlib
import ssl
import subprocess
import threading
import time
import urllib.parse
import zipfile


def make_certificates(folder):
    """A certificate authority of our own and a server certificate for 127.0.0.1 and localhost."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    run = lambda *words: subprocess.run(words, check=True, capture_output=True, cwd=folder)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n"
                                "basicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "ext")
    return folder


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), contents)
    return out.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        world = self.server.world
        path, _, query = self.path.partition("?")
        with world.lock:
            world.requests.append((path, query, dict(self.headers)))
            plan = world.faults.get(path) or []
            fault = plan.pop(0) if plan else world.always.get(path)
        try:
            if fault and fault(self):
                return
            body = world.files.get(path)
            if callable(body):
                body = body(urllib.parse.parse_qs(query))
            if body is None:
                self.answer(404, b"no such thing\n")
            else:
                self.good(path, body)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def good(self, path, body):
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        extra = dict(self.server.world.headers.get(path, {}))
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        if "gzip" in (self.headers.get("Accept-Encoding") or ""):
            extra["Content_Encoding"] = "gzip"
            body = gzip.compress(body)
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") in (None, etag):
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            self.answer(206, body[start:], ETag=etag, **extra,
                        Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")
            return
        self.answer(200, body, ETag=etag, **extra)


# ---- bad days: functions of the handler; True: the request has been answered ----


def status(code, **headers):
    return lambda h: h.answer(code, b"no\n", **headers) or True


def redirect(to):
    return lambda h: h.answer(302, b"", Location=to) or True


def html(h):
    h.answer(200, b"<!DOCTYPE html><html><body>Please log in</body></html>",
             Content_Type="application/json")
    return True


def cut(share=0.5):
    """Begin the good answer and hang up in its middle."""
    def fault(h):
        body = h.server.world.files[h.path.partition("?")[0]]
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        h.send_response(200)
        h.send_header("ETag", etag)
        h.send_header("Content-Length", str(len(body)))
        h.end_headers()
        h.wfile.write(body[:int(len(body) * share)])
        h.wfile.flush()
        time.sleep(0.2)
        h.connection.close()
        h.close_connection = True
        return True
    return fault


def silent(seconds):
    """Promise a body and send nothing."""
    def fault(h):
        h.send_response(200)
        h.send_header("Content-Length", "1000")
        h.end_headers()
        h.wfile.flush()
        time.sleep(seconds)
        h.close_connection = True
        return True
    return fault


def endless(h):
    h.send_response(200)
    h.send_header("Transfer-Encoding", "chunked")
    h.end_headers()
    chunk = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
    for _ in range(100000):
        h.wfile.write(chunk)
    return True


def bomb(h):
    """A small body that gzip makes large."""
    body = gzip.compress(b" " * 50_000_000)
    h.answer(200, body, Content_Encoding="gzip")
    return True


def wrong(body):
    return lambda h: h.answer(200, body) or True


class World:
    """What the server has (`files`), and how it misbehaves."""

    def __init__(self, certificates):
        self.lock = threading.Lock()
        self.files, self.faults, self.always, self.headers = {}, {}, {}, {}
        self.requests = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.server.world = self
        self.port = self.server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def asked(self, path):
        return [request for request in self.requests if request[0] == path]

    def forget(self):
        self.requests.clear()
        self.faults.clear()
        self.always.clear()


def http_date(seconds):
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def md5_header(body):
    return {"x_goog_hash": "md5=" + base64.b64encode(hashlib.md5(body).digest()).decode()}


# ---- what sources know: records of ours ----


def nvd_record(number, product="pumpd", fixed="1.4"):
    cve = f"CVE-2024-100{number}"
    criteria = f"cpe:2.3:a:acme:{product}:*:*:*:*:*:*:*:*"
    return {"cve": {
        "id": cve, "sourceIdentifier": "security@example.org",
        "published": "2024-02-01T10:00:00.000", "lastModified": "2024-02-02T10:00:00.000",
        "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": f"Flaw {number}."}],
        "metrics": {}, "references": [],
        "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [
            {"vulnerable": True, "criteria": criteria, "versionEndExcluding": fixed,
             "matchCriteriaId": "00000000-0000-0000-0000-000000000000"}]}]}]}}


def nvd_pages(records, page=2, stamp="2026-11-20T00:00:00.000"):
    """The API: by startIndex, and by modification dates of which the test has none but these."""
    def answer(query):
        chosen = records
        if "lastModStartDate" in query:
            start = query["lastModStartDate"][0][:19]
            end = query["lastModEndDate"][0][:19]
            chosen = [r for r in records if start <= r["cve"]["lastModified"][:19] <= end]
        index = int(query["startIndex"][0])
        part = chosen[index:index + page]
        return json.dumps({"resultsPerPage": len(part), "startIndex": index,
                           "totalResults": len(chosen), "format": "NVD_CVE", "version": "2.0",
                           "timestamp": stamp, "vulnerabilities": part}).encode()
    return answer


def kev(*cves):
    return json.dumps({"title": "catalog", "catalogVersion": "2026.11.20",
                       "dateReleased": "2026-11-20T15:00:00Z", "count": len(cves),
                       "vulnerabilities": [
                           {"cveID": cve, "vendorProject": "Acme", "product": "pumpd",
                            "vulnerabilityName": "flaw", "dateAdded": "2026-11-01",
                            "shortDescription": "a flaw", "requiredAction": "update",
                            "dueDate": "2026-11-22", "knownRansomwareCampaignUse": "Unknown",
                            "notes": ""} for cve in cves]}).encode()


def epss(**scores):
    lines = ["#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000", "cve,epss,percentile"]
    lines += [f"{cve.replace('_', '-')},{score},0.5" for cve, score in scores.items()]
    return gzip.compress(("\n".join(lines) + "\n").encode())


def osv(name, package="left-pad", fixed="1.3.0", modified="2024-03-01T00:00:00Z"):
    return json.dumps({"schema_version": "1.6.0", "id": name, "modified": modified,
                       "published": "2024-03-01T00:00:00Z", "summary": f"flaw {name}",
                       "affected": [{"package": {"ecosystem": "npm", "name": package},
                                     "ranges": [{"type": "SEMVER", "events": [
                                         {"introduced": "0"}, {"fixed": fixed}]}]}]}).encode()


def cve5(number):
    return json.dumps({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": f"CVE-2024-100{number}", "assignerOrgId":
                        "00000000-0000-4000-8000-000000000000", "state": "PUBLISHED",
                        "datePublished": "2024-02-01T10:00:00.000Z",
                        "dateUpdated": "2024-02-02T10:00:00.000Z"},
        "containers": {"cna": {
            "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000"},
            "descriptions": [{"lang": "en", "value": f"Flaw {number}."}],
            "affected": [{"vendor": "acme", "product": "pumpd", "versions": [
                {"version": "0", "lessThan": "2.0", "versionType": "semver",
                 "status": "affected"}]}],
            "references": [{"url": "https://example.org/a"}]}}}).encode()
