/*
 * A damaged knowledge base: opening and verifying never crash, and once tu_kb_verify() holds,
 * every accessor stays inside the file.
 *
 * The input is a list of edits to a small knowledge base that is built here, so that a corpus
 * outlives changes of the format: a byte of options, then 5 bytes an edit (where, little-endian;
 * what to XOR). An input that starts with the magic is taken as a whole file.
 */
#include <stdlib.h>
#include <string.h>

#include <tutela/kb.h>

#include "base/sha256.h"
#include "kb/kb.h"

enum { KB_MAX = 1024 * 1024, EDIT_BYTES = 5 };

/* Bits of the first byte. */
enum { KEEP_CHECKSUM = 1, CUT_SHORT = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the knowledge base that is damaged ---- */

static struct tu_span spans[] = {
	{TU_COVERAGE_AFFECTED,
		{.lo = {TU_STR_INIT("1.0"), TU_STR_INIT("\x01\x10"), true},
			.hi = {TU_STR_INIT("1.2.3"), TU_STR_INIT("\x01\x12\x13"), false}}},
	{TU_COVERAGE_UNAFFECTED, {.lo = {TU_STR_INIT("1.2.3"), TU_STR_INIT("\x01\x12\x13"), true}}},
};
static struct tu_affected_package packages[] = {
	{.type = TU_STR_INIT("npm"),
		.name = TU_STR_INIT("left-pad"),
		.versions = {.otherwise = TU_COVERAGE_UNAFFECTED, .spans = spans, .count = 2}},
	{.type = TU_STR_INIT("deb"),
		.namespace_ = TU_STR_INIT("debian"),
		.name = TU_STR_INIT("openssl"),
		.distro = TU_STR_INIT("debian-12"),
		.versions = {.spans = spans, .count = 1, .fixed = TU_STR_INIT("1.2.3")}},
};
static struct tu_affected_product products[2];
static struct tu_str aliases[] = {TU_STR_INIT("CVE-2021-0001")};
static struct tu_str cwes[] = {TU_STR_INIT("CWE-787")};
static struct tu_score scores[] = {
	{TU_CVSS_3_1, 98, TU_STR_INIT("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
		TU_STR_INIT("CRITICAL"), TU_STR_INIT("nvd@nist.gov")}};
static struct tu_reference references[] = {
	{TU_STR_INIT("https://example.org/advisory"), TU_STR_INIT("patch")}};

static bool add(struct tu_kb_builder *builder)
{
	struct tu_advisory nvd = {.source = TU_SOURCE_NVD,
		.id = TU_STR("CVE-2021-0001"),
		.title = TU_STR("a title"),
		.published = 1000,
		.modified = 2000,
		.cwes = cwes,
		.cwe_count = 1,
		.scores = scores,
		.score_count = 1,
		.references = references,
		.reference_count = 1,
		.products = products,
		.product_count = TU_COUNT(products),
		.has_kev = true,
		.kev = {TU_STR("2024-01-31"), TU_STR("2024-02-21"), true},
		.epss_score = 0.5f,
		.epss_percentile = 0.9f};
	struct tu_advisory osv = {.source = TU_SOURCE_OSV,
		.id = TU_STR("GHSA-xxxx-yyyy-zzzz"),
		.database = TU_STR("GHSA"),
		.aliases = aliases,
		.alias_count = 1,
		.related = aliases,
		.related_count = 1,
		.packages = packages,
		.package_count = TU_COUNT(packages),
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};

	struct tu_support_cycle debian = {.product = TU_STR("debian"),
		.cycle = TU_STR("12"),
		.cpe = TU_STR("cpe:2.3:o:debian:debian_linux"),
		.released = TU_STR("2023-06-10"),
		.eol = TU_STR("2026-06-10")};

	return tu_kb_builder_lifecycle(builder, &debian, NULL) == TU_OK &&
		tu_kb_builder_add(builder, &nvd, NULL) == TU_OK &&
		tu_kb_builder_add(builder, &osv, NULL) == TU_OK &&
		tu_kb_builder_alias(builder, TU_STR("linux-yocto"), TU_STR("linux"),
			TU_STR("linux_kernel"), TU_SCHEME_KERNEL, NULL) == TU_OK;
}

/* Two AND-ed nodes, so that the file has a configuration. */
static bool name_products(struct tu_arena *arena)
{
	static const char *const names[] = {"cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*",
		"cpe:2.3:h:vendor:pump:-:*:*:*:*:*:*:*"};
	bool ok = true;

	for (size_t i = 0; i < TU_COUNT(names); i++) {
		ok = ok && tu_cpe_parse(arena, tu_str_c(names[i]), &products[i].cpe, NULL) == TU_OK;
		products[i].node = (uint32_t)i;
		products[i].vulnerable = i == 0;
		products[i].files = TU_STR("net/core/dev.c");
		products[i].versions = (struct tu_versions){.spans = spans, .count = 1};
	}
	return ok;
}

static const struct tu_buf *seed(void)
{
	static struct tu_buf bytes;
	struct tu_kb_build_counts counts;
	struct tu_kb_builder *builder;
	struct tu_arena *arena;

	if (bytes.len)
		return &bytes;
	builder = tu_kb_builder_new();
	arena = tu_arena_new(KB_MAX);
	tu_buf_init(&bytes, KB_MAX);
	/* without its seed the target would test nothing and look well */
	if (!builder || !arena || !name_products(arena) || !add(builder) ||
		tu_kb_builder_finish(builder, &bytes, &counts, NULL))
		abort();
	tu_kb_builder_free(builder);
	tu_arena_free(arena);
	return &bytes;
}

/* ---- damage ---- */

static void seal(unsigned char *bytes, size_t len)
{
	struct kb_header *header = (struct kb_header *)(void *)bytes;
	size_t behind = offsetof(struct kb_header, sha256) + sizeof(header->sha256);

	if (len < sizeof(*header))
		return;
	header->file_bytes = len;
	if (tu_sha256((struct tu_str){(const char *)bytes + behind, len - behind}, header->sha256))
		abort();
}

static size_t edit(unsigned char *bytes, size_t len, const uint8_t *data, size_t size)
{
	uint8_t options = size ? data[0] : 0;

	for (size_t at = 1; at + EDIT_BYTES <= size; at += EDIT_BYTES) {
		uint32_t where;

		memcpy(&where, data + at, sizeof(where));
		if (options & CUT_SHORT && at == 1)
			len = where % (len + 1);
		else if (len)
			bytes[where % len] ^= data[at + 4];
	}
	if (!(options & KEEP_CHECKSUM))
		seal(bytes, len);
	return len;
}

/* ---- a walk over everything ---- */

static volatile uint64_t sink;

static void touch(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		sink += (unsigned char)text.ptr[i];
}

static void walk_advisory(const struct tu_kb *kb, uint32_t index)
{
	struct tu_kb_advisory a = tu_kb_advisory(kb, index);

	touch(a.id);
	touch(a.database);
	touch(a.title);
	touch(a.ssvc.exploitation);
	touch(a.ssvc.automatable);
	touch(a.ssvc.technical_impact);
	touch(a.kev.date_added);
	for (uint32_t i = 0; i < a.aliases; i++)
		touch(tu_kb_alias(kb, index, i));
	for (uint32_t i = 0; i < a.related; i++)
		touch(tu_kb_related(kb, index, i));
	for (uint32_t i = 0; i < a.cwes; i++)
		touch(tu_kb_cwe(kb, index, i));
	for (uint32_t i = 0; i < a.scores; i++)
		touch(tu_kb_score(kb, index, i).vector);
	for (uint32_t i = 0; i < a.references; i++)
		touch(tu_kb_reference(kb, index, i).url);
}

static void walk_lifecycle(const struct tu_kb *kb, uint32_t index)
{
	struct tu_support_cycle cycle = tu_kb_lifecycle(kb, index);

	touch(cycle.product);
	touch(cycle.cycle);
	touch(cycle.cpe);
	touch(cycle.released);
	touch(cycle.support);
	touch(cycle.eol);
	touch(cycle.extended);
	sink += tu_kb_find_lifecycle(kb, cycle.product, TU_STR("12.5"));
}

static void walk_entry(const struct tu_kb *kb, uint32_t index)
{
	struct tu_kb_entry e = tu_kb_entry(kb, index);

	touch(e.type);
	touch(e.namespace_);
	touch(e.name);
	touch(e.distro);
	touch(e.module);
	touch(e.vendor);
	touch(e.product);
	touch(e.cpe);
	touch(e.files);
	touch(e.fixed);
	sink += tu_kb_vulnerability(kb, e.vulnerability).advisories;
	for (uint32_t i = 0; i < e.spans; i++) {
		struct tu_span span = tu_kb_span(kb, index, i);

		touch(span.interval.lo.text);
		touch(span.interval.lo.key);
		touch(span.interval.hi.text);
		touch(span.interval.hi.key);
	}
}

/* What the matcher asks. */
static void look_up(const struct tu_kb *kb)
{
	struct kb_slice rows = {0, 0};
	uint32_t package =
		tu_kb__find_package(kb, TU_STR("deb"), TU_STR("debian"), TU_STR("openssl"));

	sink += tu_kb_find(kb, TU_STR("cve-2021-0001"));
	sink += tu_kb_find(kb, TU_STR("CVE-1999-9999"));
	if (package != KB_NONE)
		rows = tu_kb__package_entries(kb, package);
	for (uint32_t i = rows.first; i < rows.end; i++)
		walk_entry(kb, i);
	rows = tu_kb__find_product_name(kb, TU_STR("linux_kernel"));
	for (uint32_t i = rows.first; i < rows.end; i++) {
		struct kb_slice entries = tu_kb__product_entries(kb, i);

		for (uint32_t n = entries.first; n < entries.end; n++)
			sink += tu_kb__entry_owner(kb, n);
	}
	sink += tu_kb__find_product(kb, TU_STR("linux"), TU_STR("linux_kernel"));
	rows = tu_kb__find_name(kb, TU_STR("linux-yocto"));
	for (uint32_t i = rows.first; i < rows.end; i++)
		touch(kb_str(kb, kb->names[i].product));
}

static void walk(const struct tu_kb *kb)
{
	struct tu_kb_info info;

	tu_kb_info(kb, &info);
	for (uint32_t i = 0; i < info.vulnerabilities; i++) {
		struct tu_kb_vulnerability v = tu_kb_vulnerability(kb, i);

		touch(v.id);
		touch(v.title);
		for (uint32_t n = 0; n < v.advisories; n++)
			sink += tu_kb_advisory(kb, tu_kb_record(kb, i, n)).id.len;
	}
	for (uint32_t i = 0; i < info.advisories; i++)
		walk_advisory(kb, i);
	for (uint32_t i = 0; i < info.entries; i++)
		walk_entry(kb, i);
	for (uint32_t i = 0; i < info.lifecycles; i++)
		walk_lifecycle(kb, i);
	for (uint32_t i = 0; i < info.sources; i++)
		touch(tu_kb_source(kb, i).database);
	look_up(kb);
}

/* ---- the target ---- */

static void try_bytes(const void *bytes, size_t len)
{
	struct tu_kb *kb = NULL;

	if (tu_kb_open_memory(bytes, len, &kb, NULL))
		return;
	if (!tu_kb_verify(kb, NULL))
		walk(kb);
	tu_kb_close(kb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool whole = size >= 8 && memcmp(data, KB_MAGIC, 8) == 0;
	const struct tu_buf *base = seed();
	size_t len = whole ? size : base->len;
	unsigned char *bytes = malloc(len);

	if (!bytes)
		return 0;
	memcpy(bytes, whole ? (const void *)data : base->ptr, len);
	if (whole)
		seal(bytes, len);
	else
		len = edit(bytes, len, data, size);
	try_bytes(bytes, len);
	free(bytes);
	return 0;
}
