/*
 * Which format is it? Found by content: the tables below name every format that we can tell, also
 * those that are not read yet, so that an error says what was found.
 *
 * A new reader: write src/sbom/<format>.c, declare it in inventory.h, and put it into the row.
 */
#include "sbom/inventory.h"

#define DEFAULT_BYTES ((size_t)1 << 30)

static const char readable[] = "CycloneDX JSON 1.2 to 1.7 and SPDX JSON 2.2 and 2.3 are read";

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
		NULL},
	{"SPDX 3 JSON-LD", TU_STR_INIT("@graph"), ANY, TU_STR_INIT("@context"), NULL},
	{"OpenVEX", TU_STR_INIT("@context"), TU_STR_INIT("https://openvex.dev/"), NONE, NULL},
	{"a JSON schema", TU_STR_INIT("$schema"), TU_STR_INIT("http://json-schema.org/"), NONE,
		NULL},
	{"a JSON schema", TU_STR_INIT("$schema"), TU_STR_INIT("https://json-schema.org/"), NONE,
		NULL},
	{"syft JSON", TU_STR_INIT("artifacts"), ANY, TU_STR_INIT("descriptor"), NULL},
	{"Trivy JSON", TU_STR_INIT("SchemaVersion"), ANY, TU_STR_INIT("Results"), NULL},
	{"CSAF", TU_STR_INIT("document"), ANY, TU_STR_INIT("vulnerabilities"), NULL},
	{"a DSSE envelope", TU_STR_INIT("payloadType"), ANY, TU_STR_INIT("payload"), NULL},
	/* Without the member that names the format; noted by the reader. */
	{"CycloneDX JSON", TU_STR_INIT("specVersion"), ANY, NONE, tu_sbom__read_cyclonedx},
	{"CycloneDX JSON", TU_STR_INIT("components"), ANY, NONE, tu_sbom__read_cyclonedx},
	{"SPDX JSON", TU_STR_INIT("SPDXID"), ANY, NONE, tu_sbom__read_spdx},
};

/* Members under which other documents carry an SBOM. */
static const struct {
	struct tu_str member;
	const char *note;
} wrappers[] = {
	{TU_STR_INIT("sbom"), "the SBOM is wrapped in another document, in member"},
	{TU_STR_INIT("bom"), "the SBOM is wrapped in another document, in member"},
	{TU_STR_INIT("predicate"), "the SBOM is wrapped in an attestation, in member"},
};

/* Formats that are not JSON, by a text in their first bytes. */
struct text_format {
	const char *name;
	struct tu_str first; /* of the trimmed text; empty: anything */
	struct tu_str contains; /* empty: anything */
};

static const struct text_format text_formats[] = {
	{"CycloneDX XML", TU_STR_INIT("<"), TU_STR_INIT("http://cyclonedx.org/schema/bom")},
	{"SPDX RDF/XML", TU_STR_INIT("<"), TU_STR_INIT("http://spdx.org/rdf/terms")},
	{"SWID", TU_STR_INIT("<"), TU_STR_INIT("SoftwareIdentity")},
	{"SPDX XML", TU_STR_INIT("<"), TU_STR_INIT("<spdxVersion>")},
	{"XML of an unknown kind", TU_STR_INIT("<"), TU_STR_INIT("<")},
	{"SPDX tag-value", NONE, TU_STR_INIT("SPDXVersion:")},
	{"SPDX YAML", NONE, TU_STR_INIT("spdxVersion:")},
	{"SPDX RDF (Turtle)", NONE, TU_STR_INIT("http://spdx.org/rdf/terms")},
	/* Field 1, the version, as a text of three bytes; the field's own byte is a newline and was
	 * trimmed like white space. */
	{"CycloneDX protobuf",
		TU_STR_INIT("\x03"
			    "1."),
		NONE},
	{"a text in UTF-16, UTF-8 is expected", TU_STR_INIT("\xff\xfe"), NONE},
	{"a text in UTF-16, UTF-8 is expected", TU_STR_INIT("\xfe\xff"), NONE},
	{"a zip archive (or a spreadsheet)", TU_STR_INIT("PK\x03\x04"), NONE},
	{"an old spreadsheet", TU_STR_INIT("\xd0\xcf\x11\xe0"), NONE},
	{"a tar archive", NONE, TU_STR_INIT("\0ustar")},
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

/* A place and the format of what stands there. */
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
	if (!found.format)
		return tu_json_fail(b->err, TU_E_UNSUPPORTED, root,
			"JSON, but no SBOM of a known kind; %s", readable);
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
};

static enum tu_status build(
	const struct job *job, struct tu_json root, struct tu_sbom_slices *slices)
{
	struct tu_sbom_builder b;
	enum tu_status status =
		tu_sbom__init(&b, job->arena, slices, job->text.len, job->limits, job->err);

	if (!status)
		status = read_detected(&b, root);
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
		return tu_fail(job->err, TU_E_NOMEM, 0, "out of memory while reading the SBOM");
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
		status = tu_fail(job->err, TU_E_NOMEM, 0, "out of memory while reading the SBOM");
	tu_sbom__slices_done(&slices);
	return status;
}

/* Whatever is wrong with a document that was read in slices is found again, and told with its
 * place, by reading it as a whole. */
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

/* Not JSON: say what it is. `text` has no white space before it. */
static enum tu_status refuse(struct tu_str text, struct tu_error *err)
{
	enum { LOOK = 64 * 1024 };
	struct tu_str start = tu_str_first(text, LOOK);

	if (start.len == 0)
		return tu_fail(err, TU_E_SYNTAX, 0, "line 1, column 1: empty: expected an SBOM");
	for (size_t i = 0; i < TU_COUNT(text_formats); i++) {
		const struct text_format *format = &text_formats[i];

		if (tu_str_starts(start, format->first) &&
			(format->contains.len == 0 ||
				tu_str_search(start, format->contains) < start.len))
			return tu_fail(err, TU_E_UNSUPPORTED, 0, "line 1, column 1: this is %s; %s",
				format->name, readable);
	}
	return tu_fail(err, TU_E_UNSUPPORTED, 0, "line 1, column 1: no SBOM of a known kind; %s",
		readable);
}

enum tu_status tu_sbom_read(struct tu_arena *arena, struct tu_str text, bool padded,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err)
{
	static const struct tu_sbom_limits defaults;
	struct job job = {arena, text, padded, limits ? limits : &defaults, out_inventory, err};
	struct tu_str start;

	(void)tu_str_skip(&job.text, TU_STR("\xef\xbb\xbf"));
	start = job.text;
	while (start.len && tu_char_is_space(start.ptr[0]))
		start = tu_str_from(start, 1);
	if (start.len && (start.ptr[0] == '{' || start.ptr[0] == '['))
		return read_json(&job);
	return refuse(start, err);
}
