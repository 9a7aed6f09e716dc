/*
 * The guard, forwarded headers and targets of any bytes: what passes keeps the guard's promises.
 *
 * The input: a target, LF, the buffer as libmicrohttpd leaves it.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "http/answers.h"
#include "http/forwarded.h"
#include "http/guard.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* No segment that is empty, a dot segment, or has a slash or a NUL once it is decoded. */
static void check_path(struct tu_str path, struct tu_arena *arena)
{
	struct tu_str rest = tu_str_from(path, 1), segment, plain = {0};

	must(path.len > 0 && path.ptr[0] == '/');
	while (tu_str_split(&rest, '/', &segment)) {
		must(segment.len > 0 || !rest.ptr);
		must(tu_http_decode(segment, false, arena, &plain));
		must(tu_str_find(plain, '/') == plain.len && tu_str_find(plain, '\\') == plain.len);
		must(!tu_str_eq(plain, TU_STR(".")) && !tu_str_eq(plain, TU_STR("..")));
		must(tu_utf8_invalid_at(plain) == plain.len);
	}
}

static void check_query(struct tu_str query, struct tu_arena *arena)
{
	struct tu_str name, value, plain;

	while (tu_http_query_next(&query, &name, &value)) {
		(void)tu_http_decode(name, true, arena, &plain);
		(void)tu_http_decode(value, true, arena, &plain);
	}
}

static void check_headers(const struct tu_guard_head *head)
{
	static const struct tu_http_range all[] = {{.bits = 0}};
	const struct tu_http_ranges trusted = {all, 1};
	struct tu_http_address peer = {0};
	char text[TU_HTTP_ADDRESS_TEXT];
	bool https = false;

	for (size_t i = 0; i < head->header_count; i++) {
		struct tu_str value = head->headers[i].value;

		for (size_t k = 0; k < value.len; k++)
			must(value.ptr[k] == '\t' || (unsigned char)value.ptr[k] >= ' ');
		(void)tu_http_etag_matches(value, TU_STR("\"a\""));
		(void)tu_http_accepts_gzip(value);
		(void)tu_http_cookie(value, TU_STR("a"));
	}
	tu_http_forwarded(head->headers, head->header_count, &trusted, &peer, &https);
	must(tu_http_address_write(&peer, text) > 0);
	must(tu_http_address_read(tu_str_c(text), &peer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str input = tu_str_of((const char *)data, size);
	size_t line = tu_str_find(input, '\n');
	struct tu_guard_hosts hosts = {0};
	struct tu_guard_head head;
	struct tu_guard_found found;
	struct tu_arena *arena = tu_arena_new(1 << 20);

	if (arena &&
		tu_guard_read(tu_str_from(input, line + 1), tu_str_first(input, line), &head) ==
			TU_GUARD_OK) {
		check_headers(&head);
		if (tu_guard_check(&head, &hosts, &found) == TU_GUARD_OK) {
			check_path(found.path, arena);
			check_query(found.query, arena);
		}
	}
	tu_arena_free(arena);
	return 0;
}
