/*
 * Bad input: the lines of sbom/bad.tsv in TU_TABLES (tests/tables), every truncation and every
 * wrong type of whole documents, and what is too large to be written down.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>
#include <zstd.h>

#include "base/input.h"
#include "base/json.h"
#include "sbom_kit.h"
#include "error_text.h"

static unsigned hex_of(char c)
{
	return (unsigned)(tu_char_is_digit(c) ? c - '0' : tu_char_lower(c) - 'a' + 10);
}

/* A document of the table: \n, \t, \\ and \xNN are escapes, ' is ". */
static void decode(struct tu_str text, struct tu_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '\'') {
			tu_buf_byte(out, '"');
		} else if (c != '\\') {
			tu_buf_byte(out, c);
		} else if (text.ptr[++i] == 'x') {
			tu_buf_byte(out,
				(char)(hex_of(text.ptr[i + 1]) * 16 + hex_of(text.ptr[i + 2])));
			i += 2;
		} else {
			tu_buf_byte(out,
				text.ptr[i] == 'n'	     ? '\n'
					: text.ptr[i] == 't' ? '\t'
							     : '\\');
		}
	}
}

static bool has_note(const struct tu_inventory *inventory, struct tu_str part)
{
	for (size_t i = 0; i < inventory->note_count; i++) {
		struct tu_str message = inventory->notes[i].message;

		if (tu_str_search(message, part) < message.len)
			return true;
	}
	return false;
}

static bool is_as_wanted(
	const struct reading *r, struct tu_str status, struct tu_str part, const char *name)
{
	struct tu_str message = tu_str_c(error_text(&r->err));

	if (!tu_str_eq(status, tu_str_c(r->inventory ? "ok" : tu_status_name(r->err.status)))) {
		print_error(
			"%s: %s: %s\n", name, tu_status_name(r->err.status), error_text(&r->err));
		return false;
	}
	if (!r->inventory && tu_str_search(message, TU_STR("line ")) == message.len) {
		print_error("%s: no place: %s\n", name, error_text(&r->err));
		return false;
	}
	if (r->inventory && tu_str_eq(part, TU_STR("-")) && r->inventory->note_count == 0)
		return true;
	if (r->inventory ? has_note(r->inventory, part)
			 : tu_str_search(message, part) < message.len)
		return true;
	print_error("%s: not \"%.*s\": %s\n", name, TU_STR_FMT(part), error_text(&r->err));
	return false;
}

static bool check_row(struct reading *r, struct tu_str line)
{
	struct tu_str column[4] = {0};
	struct tu_buf text;
	char name[128];
	bool fine;

	for (size_t i = 0; i < TU_COUNT(column); i++)
		assert_true(tu_str_split(&line, '\t', &column[i]));
	(void)snprintf(name, sizeof(name), "%.*s", TU_STR_FMT(column[0]));
	tu_buf_init(&text, 1 << 16);
	decode(column[1], &text);
	(void)read_text(r, tu_buf_str(&text));
	fine = is_as_wanted(r, column[2], column[3], name);
	tu_buf_done(&text);
	return fine;
}

static void every_line_of_the_table(void **state)
{
	const char *tables = getenv("TU_TABLES");
	char path[4096];
	struct tu_error err;
	struct tu_buf table;
	struct tu_str rest;
	struct tu_str line;
	size_t rows = 0;
	size_t wrong = 0;

	tu_buf_init(&table, 1 << 20);
	(void)snprintf(path, sizeof(path), "%s/sbom/bad.tsv", tables ? tables : "tests/tables");
	if (tu_input_read(path, &table, &err))
		fail_msg("%s", error_text(&err));
	rest = tu_buf_str(&table);
	while (tu_str_split(&rest, '\n', &line)) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		rows++;
		wrong += !check_row(*state, line);
	}
	tu_buf_done(&table);
	assert_in_range(rows, 30, 1000);
	assert_int_equal(wrong, 0);
}

static const char cyclonedx[] =
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":\"urn:uuid:1\","
	"\"metadata\":{\"timestamp\":\"t\",\"tools\":{\"components\":[{\"name\":\"g\"}]},"
	"\"component\":{\"name\":\"p\",\"bom-ref\":\"p\"}},\"components\":[{\"type\":\"library\","
	"\"bom-ref\":\"a\",\"group\":\"g\",\"name\":\"a\",\"version\":\"1\",\"purl\":\"pkg:npm/"
	"a@1\","
	"\"cpe\":\"cpe:/a:a:a\",\"swid\":{\"tagId\":\"s\"},\"scope\":\"optional\",\"supplier\":"
	"{\"name\":\"s\"},\"licenses\":[{\"license\":{\"id\":\"MIT\"}},{\"expression\":\"ISC\"}],"
	"\"hashes\":[{\"alg\":\"MD5\",\"content\":\"0123456789abcdef0123456789abcdef\"}],"
	"\"properties\":[{\"name\":\"n\",\"value\":\"v\"}],\"pedigree\":{\"patches\":[{\"diff\":"
	"{\"url\":\"u\"},\"resolves\":[{\"type\":\"security\",\"id\":\"CVE-1\"}]}]},\"evidence\":"
	"{\"identity\":[{\"field\":\"purl\",\"concludedValue\":\"pkg:npm/a@1\"}]},\"components\":"
	"[{\"name\":\"b\",\"bom-ref\":\"b\"}]}],\"services\":[{\"bom-ref\":\"s\"}],"
	"\"dependencies\":"
	"[{\"ref\":\"a\",\"dependsOn\":[\"b\"],\"provides\":[\"b\"]}],\"vulnerabilities\":[{\"id\":"
	"\"CVE-1\",\"analysis\":{\"state\":\"resolved\",\"justification\":\"j\",\"detail\":\"d\"},"
	"\"affects\":[{\"ref\":\"a\",\"versions\":[{\"version\":\"1\",\"status\":\"unaffected\"}]}]"
	"}]}";

static const char spdx[] =
	"{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\","
	"\"documentNamespace\":\"d\",\"creationInfo\":{\"created\":\"t\",\"creators\":[\"Tool: "
	"g\"]},"
	"\"packages\":[{\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\",\"versionInfo\":\"1\",\"supplier\":"
	"\"Organization: s\",\"originator\":\"Person: "
	"o\",\"licenseConcluded\":\"MIT\",\"checksums\":"
	"[{\"algorithm\":\"MD5\",\"checksumValue\":\"0123456789abcdef0123456789abcdef\"}],"
	"\"externalRefs\":[{\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:npm/a@1\"}],"
	"\"sourceInfo\":\"CVEs fixed: CVE-1\",\"annotations\":[{\"comment\":\"isNative\"}],"
	"\"primaryPackagePurpose\":\"LIBRARY\"}],\"files\":[{\"SPDXID\":\"SPDXRef-f\"}],"
	"\"snippets\":"
	"[{\"SPDXID\":\"SPDXRef-s\"}],\"documentDescribes\":[\"SPDXRef-a\"],\"relationships\":"
	"[{\"spdxElementId\":\"SPDXRef-a\",\"relationshipType\":\"CONTAINS\","
	"\"relatedSpdxElement\":"
	"\"SPDXRef-f\"}]}";

static const char *const whole[] = {cyclonedx, spdx};

static void no_truncation_is_read(void **state)
{
	struct reading *r = *state;

	for (size_t i = 0; i < TU_COUNT(whole); i++) {
		struct tu_str text = tu_str_c(whole[i]);

		assert_non_null(read_text(r, text));
		assert_notes(r->inventory, 1); /* services, files */
		for (size_t len = 0; len < text.len; len++) {
			/* A copy of that very size: reading past the end is seen by sanitizers. */
			char *copy = copy_of(tu_str_first(text, len));

			assert_null(read_text(r, tu_str_of(copy, len)));
			assert_int_equal(r->err.status, TU_E_SYNTAX);
			assert_non_null(strstr(error_text(&r->err), "line 1, column "));
			free(copy);
		}
	}
}

/* From the first byte of a value to behind its last one. */
static size_t end_of_value(struct tu_str text, size_t at)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = at; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '"')
			quoted = !quoted;
		if (!quoted && (c == '{' || c == '['))
			depth++;
		if (!quoted && (c == '}' || c == ']'))
			depth--;
		if (!quoted && depth == 0)
			return i + 1;
	}
	return text.len;
}

static bool begins_value(struct tu_str text, size_t at)
{
	char before = at ? text.ptr[at - 1] : '\0';
	char c = text.ptr[at];

	return (c == '"' || c == '{' || c == '[') &&
		(before == ':' || before == '[' ||
			(before == ',' && text.ptr[end_of_value(text, at)] != ':'));
}

/* Each value in turn becomes one of another type: told as an error or a note, with its place. */
static void replace_one(struct reading *r, struct tu_str text, size_t at, const char *other)
{
	size_t end = end_of_value(text, at);
	struct tu_buf changed;

	tu_buf_init(&changed, 1 << 16);
	tu_buf_add(&changed, text.ptr, at);
	tu_buf_c(&changed, other);
	tu_buf_add(&changed, text.ptr + end, text.len - end);
	if (read_text(r, tu_buf_str(&changed))) {
		for (size_t i = 0; i < r->inventory->note_count; i++)
			assert_true(r->inventory->notes[i].count > 0);
	} else {
		assert_non_null(strstr(error_text(&r->err), "line 1, column "));
	}
	tu_buf_done(&changed);
	tu_arena_reset(r->arena);
}

static void any_value_may_have_any_type(void **state)
{
	static const char *const others[] = {"null", "true", "-1", "1.5e3", "\"\"", "\"NONE\"",
		"{}", "[]", "[null]", "[[]]", "[{}]", "{\"x\":{}}", "[\"x\"]", "[1]"};

	for (size_t i = 0; i < TU_COUNT(whole); i++) {
		struct tu_str text = tu_str_c(whole[i]);
		size_t values = 0;

		for (size_t at = 1; at < text.len; at++) {
			if (!begins_value(text, at))
				continue;
			values++;
			for (size_t o = 0; o < TU_COUNT(others); o++)
				replace_one(*state, text, at, others[o]);
		}
		assert_in_range(values, 30, 200);
	}
}

/* `count` times `open`, a middle, `count` times `close`. */
static void nest(
	struct tu_buf *out, const char *open, const char *middle, const char *close, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tu_buf_c(out, open);
	tu_buf_c(out, middle);
	for (size_t i = 0; i < count; i++)
		tu_buf_c(out, close);
}

static void refuses_endless_nesting(void **state)
{
	static const struct {
		const char *open;
		const char *close;
	} cases[] = {
		{"[", "]"},
		{"{\"x\":", "}"},
		{"{\"name\":\"a\",\"components\":[", "]}"},
		{"[", ""},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading *r = *state;
		struct tu_buf text;

		tu_buf_init(&text, 16 << 20);
		tu_buf_c(&text, "{\"bomFormat\":\"CycloneDX\",\"components\":[");
		nest(&text, cases[i].open, "1", cases[i].close, 100000);
		tu_buf_c(&text, "]}");
		assert_null(read_text(r, tu_buf_str(&text)));
		assert_int_equal(r->err.status, TU_E_LIMIT);
		assert_non_null(strstr(error_text(&r->err), "line 1, column "));
		assert_non_null(strstr(error_text(&r->err), "nested too deeply"));
		tu_buf_done(&text);
	}
}

/* As deep as the ceiling allows: the stack holds. */
static void reads_to_the_ceiling_on_depth(void **state)
{
	enum { LEVELS = 120 };
	struct reading *r = *state;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[");
	nest(&text, "{\"name\":\"a\",\"components\":[", "{\"name\":\"last\"}", "]}", LEVELS);
	tu_buf_c(&text, "]}");
	assert_non_null(read_text(r, tu_buf_str(&text)));
	assert_int_equal(r->inventory->component_count, LEVELS + 1);
	assert_int_equal(r->inventory->components[LEVELS].parent, LEVELS - 1);
	tu_buf_done(&text);
}

static void keeps_a_version_of_a_megabyte(void **state)
{
	enum { MEGABYTE = 1 << 20 };
	struct reading *r = *state;
	struct tu_buf text;

	tu_buf_init(&text, 4 << 20);
	tu_buf_c(&text,
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":"
		"[{\"name\":\"a\",\"version\":\"");
	for (size_t i = 0; i < MEGABYTE; i++)
		tu_buf_byte(&text, '9');
	tu_buf_c(&text, "\"}]}");
	assert_non_null(read_text(r, tu_buf_str(&text)));
	assert_int_equal(r->inventory->components[0].version.len, MEGABYTE);
	tu_buf_done(&text);
}

/* Ten megabytes of one byte, packed: both libraries pack them a thousandfold. */
enum { BOMB = 10 << 20 };

static void pack_gzip(const char *text, struct tu_buf *out)
{
	enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream stream = {0};

	assert_int_equal(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY,
				 Z_DEFAULT_STRATEGY),
		Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)text;
	stream.avail_in = BOMB;
	stream.next_out = (Bytef *)out->ptr;
	stream.avail_out = (uInt)out->cap;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out->len = stream.total_out;
	(void)deflateEnd(&stream);
}

static void pack_zstd(const char *text, struct tu_buf *out)
{
	out->len = ZSTD_compress(out->ptr, out->cap, text, BOMB, 1);
	assert_false(ZSTD_isError(out->len));
}

static void a_bomb_stops_at_the_ceiling(void **state)
{
	static void (*const pack[])(const char *text, struct tu_buf *out) = {pack_gzip, pack_zstd};
	char *zeros = calloc(1, BOMB);
	(void)state;

	assert_non_null(zeros);
	for (size_t i = 0; i < TU_COUNT(pack); i++) {
		struct tu_error err = {0};
		struct tu_buf packed;
		struct tu_buf out;

		tu_buf_init(&packed, 1 << 20);
		assert_true(tu_buf_reserve(&packed, 1 << 20));
		pack[i](zeros, &packed);
		assert_in_range(packed.len, 1, 100 * 1024);
		tu_buf_init(&out, 1 << 20);
		assert_int_equal(tu_input_unpack(tu_buf_str(&packed), &out, &err), TU_E_LIMIT);
		assert_non_null(strstr(error_text(&err), "more than the limit of 1048576 bytes"));
		assert_in_range(out.cap, 0, (1 << 20) + TU_JSON_PADDING);
		tu_buf_done(&out);
		tu_buf_init(&out, BOMB);
		assert_int_equal(tu_input_unpack(tu_buf_str(&packed), &out, &err), TU_OK);
		assert_int_equal(out.len, BOMB);
		tu_buf_done(&out);
		tu_buf_done(&packed);
	}
	free(zeros);
}

static enum tu_status read_limited(struct reading *r, const struct tu_sbom_limits *limits)
{
	r->inventory = NULL;
	return tu_sbom_read(r->arena, tu_str_c(cyclonedx), false, limits, &r->inventory, &r->err);
}

static void keeps_to_the_callers_ceilings(void **state)
{
	static const struct tu_sbom_limits limits[] = {
		{.bytes = sizeof(cyclonedx) - 2}, {.depth = 3}, {.components = 2}};
	struct reading *r = *state;

	for (size_t i = 0; i < TU_COUNT(limits); i++) {
		assert_int_equal(read_limited(r, &limits[i]), TU_E_LIMIT);
		assert_null(r->inventory);
	}
	assert_int_equal(read_limited(r, &(struct tu_sbom_limits){.components = 3}), TU_OK);
}

static void counts_notes_beyond_the_ceiling(void **state)
{
	const struct tu_sbom_limits limits = {.notes = 2};
	struct reading *r = *state;
	enum tu_status status = tu_sbom_read(r->arena,
		TU_STR("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"a\":1,\"b\":1,\"c\":"
		       "1,"
		       "\"d\":1}"),
		false, &limits, &r->inventory, &r->err);

	assert_int_equal(status, TU_OK);
	assert_notes(r->inventory, 2);
	assert_int_equal(r->inventory->notes_left_out, 2);
}

/* Notes of duplicate references each stay apart, the note of a dangling one is looked up: the
 * table of the latter is made late and must hold all of the former. */
static void notes_that_came_before_the_table_fit_into_it(void **state)
{
	static const unsigned counts[] = {1, 62, 63, 64, 65, 127, 128, 129, 200, 1000};
	struct reading *r = *state;

	for (size_t n = 0; n < TU_COUNT(counts); n++) {
		struct tu_buf text;

		tu_buf_init(&text, 4 << 20);
		tu_buf_c(&text,
			"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[");
		for (unsigned i = 0; i < 2 * counts[n]; i++)
			tu_buf_printf(&text, "%s{\"name\":\"c\",\"bom-ref\":\"r%u\"}", i ? "," : "",
				i / 2);
		tu_buf_c(&text,
			"],\"dependencies\":[{\"ref\":\"r0\",\"dependsOn\":[\"x\",\"y\"]}]}");
		assert_non_null(read_text(r, tu_buf_str(&text)));
		assert_true(r->inventory->note_count + r->inventory->notes_left_out >= counts[n]);
		tu_buf_done(&text);
	}
}

static void an_arena_that_is_full_is_no_memory(void **state)
{
	struct tu_arena *small = tu_arena_new(70 * 1024);
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	struct tu_buf text;
	(void)state;

	assert_non_null(small);
	tu_buf_init(&text, 4 << 20);
	tu_buf_c(&text, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[");
	for (int i = 0; i < 2000; i++)
		tu_buf_printf(&text, "%s{\"name\":\"c%d\"}", i ? "," : "", i);
	tu_buf_c(&text, "]}");
	assert_int_equal(
		tu_sbom_read(small, tu_buf_str(&text), false, NULL, &inventory, &err), TU_E_NOMEM);
	assert_null(inventory);
	tu_buf_done(&text);
	tu_arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(every_line_of_the_table),
		READING_TEST(no_truncation_is_read),
		READING_TEST(any_value_may_have_any_type),
		READING_TEST(refuses_endless_nesting),
		READING_TEST(reads_to_the_ceiling_on_depth),
		READING_TEST(keeps_a_version_of_a_megabyte),
		cmocka_unit_test(a_bomb_stops_at_the_ceiling),
		READING_TEST(keeps_to_the_callers_ceilings),
		READING_TEST(counts_notes_beyond_the_ceiling),
		READING_TEST(notes_that_came_before_the_table_fit_into_it),
		READING_TEST(an_arena_that_is_full_is_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
