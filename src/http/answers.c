#include "http/answers.h"

#define SELF_ONLY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " \
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; " \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/* Where an answer has a header of its own with one of these names, that one is sent. */
const struct tu_http_fixed tu_http_fixed[] = {
	{"Content-Security-Policy", SELF_ONLY,
		"default-src 'none'; frame-ancestors 'none'; sandbox"},
	{"X-Content-Type-Options", "nosniff", "nosniff"},
	{"X-Frame-Options", "DENY", "DENY"},
	{"Referrer-Policy", "same-origin", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		NULL},
	{"Cache-Control", "no-cache", "no-store"},
};
const size_t tu_http_fixed_count = TU_COUNT(tu_http_fixed);

const struct tu_http_static *tu_http_static_find(
	const struct tu_http_static *files, size_t count, struct tu_str path)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = tu_str_cmp(tu_str_c(files[middle].name), path);

		if (order == 0)
			return &files[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Without the mark of a weak tag. */
static struct tu_str opaque(struct tu_str tag)
{
	tag = tu_str_trim(tag);
	tu_str_skip(&tag, TU_STR("W/"));
	return tag;
}

bool tu_http_etag_matches(struct tu_str if_none_match, struct tu_str etag)
{
	struct tu_str tag;

	if (etag.len == 0)
		return false;
	while (tu_str_split(&if_none_match, ',', &tag))
		if (tu_str_eq(tu_str_trim(tag), TU_STR("*")) ||
			tu_str_eq(opaque(tag), opaque(etag)))
			return true;
	return false;
}

/* "gzip;q=0" refuses it; other weights do not matter to us. */
static bool is_refused(struct tu_str parameters)
{
	struct tu_str parameter;

	while (tu_str_split(&parameters, ';', &parameter)) {
		parameter = tu_str_trim(parameter);
		if (!tu_str_skip(&parameter, TU_STR("q=")) &&
			!tu_str_skip(&parameter, TU_STR("Q=")))
			continue;
		for (size_t i = 0; i < parameter.len; i++)
			if (parameter.ptr[i] != '0' && parameter.ptr[i] != '.')
				return false;
		return true;
	}
	return false;
}

bool tu_http_accepts_gzip(struct tu_str accept_encoding)
{
	struct tu_str part;
	bool any = false;

	while (tu_str_split(&accept_encoding, ',', &part)) {
		size_t end = tu_str_find(part, ';');
		struct tu_str name = tu_str_trim(tu_str_first(part, end));
		bool refused = is_refused(tu_str_from(part, end + 1));

		if (tu_str_ieq(name, TU_STR("gzip")) || tu_str_ieq(name, TU_STR("x-gzip")))
			return !refused;
		if (tu_str_eq(name, TU_STR("*")))
			any = !refused;
	}
	return any;
}
