/*
 * Which format is it? Found by content: the tables below name every format that is known, also
 * those that are not read yet, so that an error says what was found.
 *
 * A new reader: write src/sbom/<format>.c, declare it in inventory.h, and put it into the row.
 */
#include "base/alloc.h"
#include "sbom/inventory.h"

#include <stdio.h>

#include "base/input.h"
#include "base/utf16.h"
#include "base/xml.h"
#include "sbom/read/rewrite.h"

#define DEFAULT_BYTES ((size_t)1 << 30)

static const char readable[] =
	"CycloneDX JSON 1.2 to 1.7 and XML 1.0 to 1.7, SPDX 2.2 and 2.3 JSON and YAML, SPDX 2.0 to "
	"2.3 tag-value and RDF, SPDX 3.0.1 JSON-LD, SWID tags and build evidence are read";

/* JSON documents, by a member of the root and the start of its value ("" any string or container).
 * The first row that fits counts. */
struct json_format {
	const char *name;
	struct tu_str member;
	struct tu_str starts;
	struct tu_str also; /* another member that must be there; empty: none */
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *root);
};

#define ANY TU_STR_INIT("")
#define NONE TU_STR_INIT("")

static const struct json_format json_formats[] = {
	{"CycloneDX JSON", TU_STR_INIT("bomFormat"), TU_STR_INIT("CycloneDX"), NONE,
		tu_sbom__read_cyclonedx},
	{"SPDX 3 JSON", TU_STR_INIT("spdxVersion"), TU_STR_INIT("SPDX-3"), NONE, NULL},
	{"SPDX JSON", TU_STR_INIT("spdxVersion"), TU_STR_INIT("SPDX-"), NONE, tu_sbom__read_spdx},
	{"SPDX 3 JSON-LD", TU_STR_INIT("@context"), TU_STR_INIT("https://spdx.org/rdf/3"), NONE,
		tu_sbom__read_spdx3},
	{"OpenVEX", TU_STR_INIT("@context"), TU_STR_INIT("https://openvex.dev/"), NONE, NULL},
	{"SPDX 3 JSON-LD", TU_STR_INIT("@graph"), ANY, TU_STR_INIT("@context"),
		tu_sbom__read_spdx3},
	{"a JSON schema", TU_STR_INIT("$schema"), TU_STR_INIT("http://json-schema.org/"), NONE,
		NULL},
	{"a JSON schema", TU_STR_INIT("$schema"), TU_STR_INIT("https://json-schema.org/"), NONE,
		NULL},
	{"syft JSON", TU_STR_INIT("artifacts"), ANY, TU_STR_INIT("descriptor"), NULL},
	{"Trivy JSON", TU_STR_INIT("SchemaVersion"), ANY, TU_STR_INIT("Results"), NULL},
	{"CSAF", TU_STR_INIT("document"), ANY, TU_STR_INIT("vulnerabilities"), NULL},
	{"a DSSE envelope", TU_STR_INIT("payloadType"), ANY, TU_STR_INIT("payload"), NULL},
	{"Yocto cve-check JSON", TU_STR_INIT("package"), ANY, TU_STR_INIT("version"),
		tu_sbom__read_cve_check},
	{"Buildroot pkg-stats JSON", TU_STR_INIT("packages"), ANY,
		TU_STR_INIT("package_status_checks"), tu_sbom__read_pkg_stats},
	{"Buildroot pkg-stats JSON", TU_STR_INIT("packages"), ANY, TU_STR_INIT("stats"),
		tu_sbom__read_pkg_stats},
	/* Without the member that names the format; noted by the reader. */
	{"CycloneDX JSON", TU_STR_INIT("specVersion"), ANY, NONE, tu_sbom__read_cyclonedx},
	{"CycloneDX JSON", TU_STR_INIT("components"), ANY, NONE, tu_sbom__read_cyclonedx},
	{"SPDX JSON", TU_STR_INIT("SPDXID"), ANY, NONE, tu_sbom__read_spdx},
};

/* Has no member of its own: its members are the names of packages. */
static const struct json_format show_info = {
	"Buildroot show-info JSON", ANY, ANY, NONE, tu_sbom__read_show_info};

/* Members under which other documents carry an SBOM. */
static const struct {
	struct tu_str member;
	const char *note;
} wrappers[] = {
	{TU_STR_INIT("sbom"), "the SBOM is wrapped in another document, in member"},
	{TU_STR_INIT("bom"), "the SBOM is wrapped in another document, in member"},
	{TU_STR_INIT("predicate"), "the SBOM is wrapped in an attestation, in member"},
};

/* XML documents, by the start of the namespace and the name of the document element. */
struct xml_format {
	const char *name;
	struct tu_str space;
	struct tu_str local; /* empty: any */
	enum tu_status (*rewrite)(struct tu_sbom_rewrite *r, struct tu_str text);
};

static const struct xml_format xml_formats[] = {
	{"CycloneDX XML", TU_STR_INIT("http://cyclonedx.org/schema/bom"), TU_STR_INIT("bom"),
		tu_sbom__rewrite_cyclonedx_xml},
	{"SPDX RDF/XML", TU_STR_INIT("http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
		TU_STR_INIT("RDF"), tu_sbom__rewrite_spdx_rdf},
	{"SPDX RDF/XML", TU_STR_INIT("http://spdx.org/rdf/terms"), NONE, tu_sbom__rewrite_spdx_rdf},
	{"a SWID tag", ANY, TU_STR_INIT("SoftwareIdentity"), tu_sbom__rewrite_swid},
	{"SPDX XML", ANY, TU_STR_INIT("Document"), NULL},
	{"SPDX XML", ANY, TU_STR_INIT("SpdxDocument"), NULL},
};

/* Other texts, by what is at the start of a line in their first bytes. */
struct text_format {
	const char *name;
	struct tu_str first; /* of the text; empty: anything */
	struct tu_str line; /* of a line; empty: anything */
	enum tu_status (*rewrite)(struct tu_sbom_rewrite *r, struct tu_str text);
};

static const struct text_format text_formats[] = {
	{"CycloneDX protobuf", TU_STR_INIT("\n\0031."), NONE, NULL},
	{"SPDX tag-value", NONE, TU_STR_INIT("SPDXVersion:"), tu_sbom__rewrite_spdx_tag_value},
	{"SPDX YAML", NONE, TU_STR_INIT("spdxVersion:"), tu_sbom__rewrite_spdx_yaml},
	{"SPDX YAML", NONE, TU_STR_INIT("\"spdxVersion\":"), tu_sbom__rewrite_spdx_yaml},
	{"SPDX tag-value", NONE, TU_STR_INIT("DocumentNamespace:"),
		tu_sbom__rewrite_spdx_tag_value},
	{"SPDX tag-value", NONE, TU_STR_INIT("SPDXID:"), tu_sbom__rewrite_spdx_tag_value},
	{"SPDX tag-value", NONE, TU_STR_INIT("PackageName:"), tu_sbom__rewrite_spdx_tag_value},
	{"CycloneDX YAML", NONE, TU_STR_INIT("bomFormat:"), NULL},
	{"SPDX RDF (Turtle)", NONE, TU_STR_INIT("@prefix "), NULL},
	{"dpkg status", TU_STR_INIT("Package:"), TU_STR_INIT("Version:"), tu_sbom__rewrite_dpkg},
	{"apk installed", TU_STR_INIT("C:Q"), TU_STR_INIT("P:"), tu_sbom__rewrite_apk},
	{"apk installed", TU_STR_INIT("P:"), TU_STR_INIT("V:"), tu_sbom__rewrite_apk},
	{"a zip archive (or a spreadsheet)", TU_STR_INIT("PK\x03\x04"), NONE, NULL},
	{"an old spreadsheet", TU_STR_INIT("\xd0\xcf\x11\xe0"), NONE, NULL},
};

static bool fits(const struct json_format *format, struct tu_json root)
{
	struct tu_json value = tu_json_get(root, format->member);

	if (!value.doc)
		return false;
	if (format->starts.len && !tu_str_istarts(tu_json_str(value), format->starts))
		return false;
	return format->also.len == 0 || tu_json_get(root, format->also).doc;
}

static const struct json_format *format_of(struct tu_json root)
{
	for (size_t i = 0; i < TU_COUNT(json_formats); i++) {
		if (fits(&json_formats[i], root))
			return &json_formats[i];
	}
	return NULL;
}

/* A place and the format of what is there. */
struct detected {
	struct tu_sbom_at at;
	const struct json_format *format;
	const char *note; /* NULL: not wrapped */
};

static void unwrap(const struct tu_sbom_at *document, struct detected *found)
{
	for (size_t i = 0; i < TU_COUNT(wrappers); i++) {
		struct tu_sbom_at inner = tu_sbom__member(document, wrappers[i].member);
		const struct json_format *format = format_of(inner.value);

		if (format) {
			*found = (struct detected){inner, format, wrappers[i].note};
			return;
		}
	}
}

static enum tu_status enter_wrapper(struct tu_sbom_builder *b, const struct detected *found)
{
	struct tu_buf pointer;
	bool copied;

	if (!found->note)
		return TU_OK;
	tu_buf_init(&pointer, 256);
	tu_sbom__pointer(&found->at, &pointer);
	copied = !pointer.failed &&
		tu_arena_dup(b->arena, tu_buf_str(&pointer), &b->inventory->root);
	tu_buf_done(&pointer);
	if (!copied)
		return tu_sbom__nomem(b);
	return tu_sbom__note(b, &found->at, found->note, found->at.key);
}

static enum tu_status read_detected(struct tu_sbom_builder *b, struct tu_json root)
{
	const struct tu_sbom_at document = {.value = root};
	struct detected found = {document, format_of(root), NULL};
	enum tu_status status;

	if (!tu_json_is_object(root))
		return tu_json_fail(b->err, TU_E_SYNTAX, root,
			"expected an SBOM, which is an object, found %s; %s",
			tu_json_type_name(tu_json_type(root)), readable);
	if (!found.format)
		unwrap(&document, &found);
	if (!found.format && tu_sbom__is_show_info(root))
		found.format = &show_info;
	if (!found.format)
		return tu_json_fail(b->err, TU_E_UNSUPPORTED, root,
			"JSON, but not an SBOM format that is supported; %s", readable);
	if (!found.format->read)
		return tu_json_fail(b->err, TU_E_UNSUPPORTED, found.at.value, "this is %s; %s",
			found.format->name, readable);
	status = enter_wrapper(b, &found);
	return status ? status : found.format->read(b, &found.at);
}

/* One document being read. */
struct job {
	struct tu_arena *arena;
	struct tu_str text;
	bool padded;
	const struct tu_sbom_limits *limits;
	const struct tu_inventory **out_inventory;
	struct tu_error *err;
	const struct tu_sbom_rewrite *rewrite; /* NULL: `text` is what was given */
};

/* What was written for the reader is not what the inventory is of. */
static void name_source(struct tu_sbom_builder *b, const struct tu_sbom_rewrite *rewrite)
{
	b->inventory->format = rewrite->format;
	if (rewrite->spec_version.len)
		b->inventory->spec_version = rewrite->spec_version;
}

static enum tu_status read_root(
	const struct job *job, struct tu_sbom_builder *b, struct tu_json root)
{
	enum tu_status status;

	if (!job->rewrite)
		return read_detected(b, root);
	status = tu_sbom__rewrite_hand_over(job->rewrite, b);
	if (!status)
		status = read_detected(b, root);
	if (!status)
		name_source(b, job->rewrite);
	return status;
}

static enum tu_status build(
	const struct job *job, struct tu_json root, struct tu_sbom_slices *slices)
{
	struct tu_sbom_builder b;
	enum tu_status status =
		tu_sbom__init(&b, job->arena, slices, job->text.len, job->limits, job->err);

	if (!status)
		status = read_root(job, &b, root);
	if (!status)
		status = tu_sbom__finish(&b, job->out_inventory);
	tu_sbom__done(&b);
	return status;
}

static size_t depth_of(const struct job *job)
{
	enum { DEFAULT_DEPTH = 256 };

	return job->limits->depth ? job->limits->depth : DEFAULT_DEPTH;
}

/* Parse `text`, which is the document or its shell, and build the inventory from it. */
static enum tu_status parse_and_build(
	const struct job *job, struct tu_str text, bool padded, struct tu_sbom_slices *slices)
{
	const struct tu_json_limits limits = {
		.bytes = job->limits->bytes,
		.depth = depth_of(job),
		.unique_keys = true,
		.padded = padded,
	};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;

	if (!parser)
		return tu_no_memory(job->err);
	status = tu_json_parse(parser, text, &limits, &root, job->err);
	if (!status)
		status = build(job, root, slices);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status read_sliced(const struct job *job)
{
	struct tu_sbom_slices slices;
	enum tu_status status = tu_sbom__slice(&slices, job->text, depth_of(job));

	if (!status)
		status = parse_and_build(job, tu_buf_str(&slices.shell), false, &slices);
	else if (status == TU_E_NOMEM)
		status = tu_no_memory(job->err);
	tu_sbom__slices_done(&slices);
	return status;
}

/* Whatever is wrong with a document that was read in slices is found again, with its place,
 * by reading it as a whole. */
static enum tu_status read_json(const struct job *job)
{
	size_t bytes = job->limits->bytes ? job->limits->bytes : DEFAULT_BYTES;

	if (tu_sbom__worth_slicing(job->text.len) && job->text.len <= bytes && depth_of(job) > 1) {
		enum tu_status status = read_sliced(job);

		if (status == TU_OK || status == TU_E_NOMEM)
			return status;
	}
	return parse_and_build(job, job->text, job->padded, NULL);
}

/* The offset and the column, and without `keeps_line` the line too, are of the JSON that was
 * written and not of the source. */
static void drop_position(struct tu_error *err, bool keeps_line)
{
	err->offset = 0;
	err->column = 0;
	if (!keeps_line)
		err->line = 0;
}

/* Read what was written as the document's JSON. */
static enum tu_status read_rewritten(const struct job *job, struct tu_sbom_rewrite *r)
{
	static const char padding[TU_JSON_PADDING];
	struct tu_sbom_limits limits = *job->limits;
	struct job inner = *job;
	enum tu_status status;

	r->json.ceiling += sizeof(padding);
	tu_buf_add(&r->json, padding, sizeof(padding));
	if (r->json.failed)
		return tu_sbom__rewrite_nomem(r);
	limits.bytes = r->json.ceiling;
	inner.limits = &limits;
	inner.text = tu_str_of(r->json.ptr, r->json.len - sizeof(padding));
	inner.padded = true;
	inner.rewrite = r;
	status = read_json(&inner);
	if (status && job->err)
		drop_position(job->err, r->keeps_lines);
	return status;
}

static enum tu_status read_by(const struct job *job, struct tu_str text,
	enum tu_status (*rewrite)(struct tu_sbom_rewrite *r, struct tu_str text))
{
	struct tu_sbom_rewrite r;
	enum tu_status status;

	if (text.len > (job->limits->bytes ? job->limits->bytes : DEFAULT_BYTES))
		return tu_fail(job->err, TU_E_LIMIT, 0, "%zu bytes, more than the limit of %zu",
			text.len, job->limits->bytes ? job->limits->bytes : DEFAULT_BYTES);
	if (!tu_sbom__rewrite_init(&r, job->limits, job->err))
		status = tu_no_memory(job->err);
	else
		status = rewrite(&r, text);
	if (!status)
		status = read_rewritten(job, &r);
	tu_sbom__rewrite_done(&r);
	return status;
}

static const struct tu_error_place text_start = {.line = 1, .column = 1};

static enum tu_status refuse(const struct job *job, const char *name)
{
	return tu_fail_at(
		job->err, TU_E_UNSUPPORTED, &text_start, "this is %s; %s", name, readable);
}

/* NULL: none. */
static const struct xml_format *xml_format_of(struct tu_str space, struct tu_str local)
{
	for (size_t i = 0; i < TU_COUNT(xml_formats); i++) {
		const struct xml_format *format = &xml_formats[i];

		if (tu_str_starts(space, format->space) &&
			(format->local.len == 0 || tu_str_eq(local, format->local)))
			return format;
	}
	return NULL;
}

/* An element of no known format: its namespace is what differs from one that is read. */
static enum tu_status refuse_xml(const struct job *job, struct tu_str space, struct tu_str local)
{
	const char *but = tu_str_eq(local, TU_STR("bom")) ? ", which is not CycloneDX's" : "";

	if (!space.len)
		return tu_fail_at(job->err, TU_E_UNSUPPORTED, &text_start,
			"this is XML of an unknown kind: element \"%.*s\" without a namespace; %s",
			TU_STR_FMT(tu_str_first(local, 64)), readable);
	return tu_fail_at(job->err, TU_E_UNSUPPORTED, &text_start,
		"this is XML of an unknown kind: element \"%.*s\" in namespace \"%.*s\"%s; %s",
		TU_STR_FMT(tu_str_first(local, 64)), TU_STR_FMT(tu_str_first(space, 100)), but,
		readable);
}

static enum tu_status read_xml(const struct job *job, struct tu_str text)
{
	enum { NAMES_MAX = 64 * 1024 };
	const struct xml_format *format = NULL;
	struct tu_buf space;
	struct tu_buf local;
	enum tu_status status;

	tu_buf_init(&space, NAMES_MAX);
	tu_buf_init(&local, NAMES_MAX);
	status = tu_xml_root(text, &space, &local, job->err);
	if (!status)
		format = xml_format_of(tu_buf_str(&space), tu_buf_str(&local));
	if (!status && !format)
		status = refuse_xml(job, tu_buf_str(&space), tu_buf_str(&local));
	tu_buf_done(&space);
	tu_buf_done(&local);
	if (!format)
		return status;
	return format->rewrite ? read_by(job, text, format->rewrite) : refuse(job, format->name);
}

/* Does a line of the text begin with these bytes? */
static bool has_line(struct tu_str text, struct tu_str start)
{
	while (text.len) {
		if (tu_str_starts(text, start))
			return true;
		text = tu_str_from(text, tu_str_find(text, '\n') + 1);
	}
	return start.len == 0;
}

static enum tu_status read_other(const struct job *job, struct tu_str text)
{
	enum { LOOK = 64 * 1024 };
	struct tu_str start = tu_str_first(text, LOOK);

	for (size_t i = 0; i < TU_COUNT(text_formats); i++) {
		const struct text_format *format = &text_formats[i];

		if (!tu_str_starts(start, format->first) || !has_line(start, format->line))
			continue;
		return format->rewrite ? read_by(job, text, format->rewrite)
				       : refuse(job, format->name);
	}
	return tu_fail_at(job->err, TU_E_UNSUPPORTED, &text_start,
		"not an SBOM format that is supported; %s", readable);
}

/* `job->text` is the whole document, in UTF-8 unless it is XML. */
static enum tu_status read_text(struct job *job)
{
	struct tu_str start;

	(void)tu_str_skip(&job->text, TU_STR("\xef\xbb\xbf"));
	start = job->text;
	while (start.len && tu_char_is_space(start.ptr[0]))
		start = tu_str_from(start, 1);
	if (start.len == 0)
		return tu_fail_at(job->err, TU_E_SYNTAX, &text_start, "empty: expected an SBOM");
	if (start.ptr[0] == '{' || start.ptr[0] == '[')
		return read_json(job);
	if (start.ptr[0] == '<')
		return read_xml(job, job->text);
	return read_other(job, job->text);
}

/* XML says its encoding itself. */
static bool is_xml(struct tu_str utf16)
{
	return utf16.len > 3 && (utf16.ptr[2] == '<' || utf16.ptr[3] == '<');
}

static enum tu_status read_utf16(struct job *job)
{
	struct tu_buf text;
	enum tu_status status;

	if (is_xml(job->text))
		return read_xml(job, job->text);
	tu_buf_init(&text, job->text.len + job->text.len / 2 + 64);
	tu_utf16_to_utf8(job->text, &text);
	job->text = tu_buf_str(&text);
	job->padded = false;
	status = text.failed ? tu_no_memory(job->err) : read_text(job);
	if (job->err)
		job->err->offset = 0;
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_archive(const struct job *job)
{
	return read_by(job, job->text, tu_sbom__rewrite_yocto_archive);
}

static enum tu_status read_any(struct job *job)
{
	if (tu_input_is_archive(job->text) && !tu_str_starts(job->text, TU_STR("PK")))
		return read_archive(job);
	if (tu_text_check_marks(job->text, job->err))
		return TU_E_SYNTAX;
	return tu_utf16_is_marked(job->text) ? read_utf16(job) : read_text(job);
}

enum tu_status tu_sbom_read(struct tu_arena *arena, struct tu_str text, bool padded,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err)
{
	static const struct tu_sbom_limits defaults;
	const struct tu_inventory *inventory = NULL;
	size_t refused = tu_alloc_refused();
	struct job job = {arena, text, padded, limits ? limits : &defaults, &inventory, err, NULL};
	enum tu_status status = tu_alloc_settle(refused, read_any(&job), err);

	if (status == TU_OK)
		*out_inventory = inventory;
	return status;
}

enum tu_status tu_sbom__read_source(struct tu_arena *arena, const struct tu_sbom_limits *limits,
	enum tu_status (*rewrite)(struct tu_sbom_rewrite *r, struct tu_str text),
	struct tu_str source, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	static const struct tu_sbom_limits defaults;
	const struct tu_inventory *inventory = NULL;
	size_t refused = tu_alloc_refused();
	struct job job = {.arena = arena,
		.limits = limits ? limits : &defaults,
		.out_inventory = &inventory,
		.err = err};
	enum tu_status status = tu_alloc_settle(refused, read_by(&job, source, rewrite), err);

	if (status == TU_OK)
		*out_inventory = inventory;
	return status;
}
