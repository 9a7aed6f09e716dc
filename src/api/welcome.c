#include "api/welcome.h"

enum { PAGE_MAX = 8192 };

static const char page_start[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\"><title>Tutela</title></head>\n"
	"<body>\n<h1>Tutela</h1>\n"
	"<p>This service watches the security of medical devices, from the first sketch to the "
	"last patched unit. It has no pages for browsers yet: it is used by programs, by "
	"<code>curl</code> (docs/api.md) and by the command <code>tutela</code>; "
	"<a href=\"/v1/openapi.json\">/v1/openapi.json</a> describes it.</p>\n"
	"<h2>If a set-up link brought you here</h2>\n"
	"<p>You become the first administrator by the part of the link after <code>#</code>, "
	"once, within 24 hours. Write this into a file <code>setup.json</code> that only you can "
	"read, and send it:</p>\n"
	"<pre>{\"token\": \"the part after #\", \"login\": \"admin\", \"name\": \"Your Name\", "
	"\"password\": \"a long password\"}</pre>\n<pre>curl -fsS -H 'Content-Type: "
	"application/json' -d @setup.json ";
static const char page_end[] =
	"/v1/setup</pre>\n"
	"<p>Or, on the machine of the service: <code>tutela admin user add admin --role "
	"administrator --data DIR</code></p>\n</body>\n</html>\n";

/* The server has checked the name; whatever else it may have in it is no markup here. */
static void add_host(struct tu_str host, struct tu_buf *out)
{
	for (size_t i = 0; i < host.len; i++) {
		const char c = host.ptr[i];

		if (tu_char_is_alnum(c) || c == '.' || c == ':' || c == '-' || c == '[' || c == ']')
			tu_buf_byte(out, c);
	}
}

bool tu_api_welcome(const struct tu_http_request *request, struct tu_http_answer *answer)
{
	if ((!tu_str_eq(request->path, TU_STR("/")) &&
		    !tu_str_eq(request->path, TU_STR("/setup"))) ||
		(!tu_str_eq(request->method, TU_STR("GET")) &&
			!tu_str_eq(request->method, TU_STR("HEAD"))))
		return false;
	answer->status = 200;
	answer->type = "text/html; charset=utf-8";
	/* no script, no style, no picture, no form */
	(void)tu_http_answer_header(answer, TU_STR("Content-Security-Policy"),
		TU_STR("default-src 'none'; base-uri 'none'; form-action 'none'; "
		       "frame-ancestors 'none'; sandbox"));
	tu_buf_init(&answer->body, PAGE_MAX);
	tu_buf_c(&answer->body, page_start);
	tu_buf_str_add(&answer->body, request->scheme);
	tu_buf_c(&answer->body, "://");
	add_host(request->host, &answer->body);
	tu_buf_c(&answer->body, page_end);
	return true;
}
