/*
 * The archive of OpenEmbedded's create-spdx class (2.2 form): many SPDX JSON documents, one for the
 * image, each package, each recipe, that name each other's elements by external document
 * references. They are written as one SPDX document (see rewrite.h).
 *
 * An element's id becomes "<namespace of its document>#<SPDXID>", so that references across
 * documents meet. What the documents describe singly is dropped, but for the one that no other
 * refers to: the image. Names of entries are only reported, never used as paths.
 */
#include "sbom/read/rewrite.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/input.h"
#include "base/intern.h"

/* What is kept of each document. Texts of the scratch arena. */
struct document {
	struct tu_str space;
	struct tu_str name;
	struct tu_str created;
	struct tu_str tool;
};

/* A document says that it describes one of its elements. */
struct described {
	uint32_t document; /* index */
	struct tu_str ref;
};

/* In one document: what stands for the namespace of another. Views. */
struct external {
	struct tu_str id; /* "DocumentRef-recipe-busybox" */
	struct tu_str space;
};

struct reading {
	struct tu_sbom_rewrite *r;
	struct tu_json_parser *parser;
	struct tu_sbom_part packages;
	struct tu_sbom_part relationships;
	TU_VEC(struct document) documents;
	TU_VEC(struct described) described;
	struct tu_intern *spaces; /* of documents that were read */
	struct tu_intern *named; /* namespaces that others refer to */
	/* Of the document being read. */
	TU_VEC(struct external) externals;
	TU_VEC(struct tu_str) files;
	struct tu_buf ref;
	struct tu_str entry;
	size_t file_count;
};

static enum tu_status note(struct reading *y, const char *what, struct tu_str detail)
{
	return tu_sbom__rewrite_note(y->r, 0, y->entry, what, detail);
}

static enum tu_status nomem(const struct reading *y)
{
	return tu_sbom__rewrite_nomem(y->r);
}

/* ---- references ---- */

static int by_id(const void *a, const void *b)
{
	return tu_str_cmp(((const struct external *)a)->id, ((const struct external *)b)->id);
}

static int by_text(const void *a, const void *b)
{
	return tu_str_cmp(*(const struct tu_str *)a, *(const struct tu_str *)b);
}

static enum tu_status gather_externals(struct reading *y, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("externalDocumentRefs")));
	struct tu_json item;
	uint32_t id;

	y->externals.count = 0;
	while (tu_json_next_item(&iter, &item)) {
		const struct external external = {
			TU_JSON_STR(item, "externalDocumentId"), TU_JSON_STR(item, "spdxDocument")};

		if (!TU_VEC_PUSH(&y->externals, external) ||
			!tu_intern_add(y->named, external.space, &id))
			return nomem(y);
	}
	if (y->externals.count)
		qsort(y->externals.at, y->externals.count, sizeof(*y->externals.at), by_id);
	return TU_OK;
}

static enum tu_status gather_files(struct reading *y, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("files")));
	struct tu_json item;

	y->files.count = 0;
	while (tu_json_next_item(&iter, &item)) {
		if (!TU_VEC_PUSH(&y->files, TU_JSON_STR(item, "SPDXID")))
			return nomem(y);
	}
	y->file_count += y->files.count;
	if (y->files.count)
		qsort(y->files.at, y->files.count, sizeof(*y->files.at), by_text);
	return TU_OK;
}

static bool is_file(const struct reading *y, struct tu_str id)
{
	return y->files.count &&
		bsearch(&id, y->files.at, y->files.count, sizeof(*y->files.at), by_text) != NULL;
}

static const struct external *external_of(const struct reading *y, struct tu_str id)
{
	const struct external key = {.id = id};

	return y->externals.count ? bsearch(&key, y->externals.at, y->externals.count,
					    sizeof(*y->externals.at), by_id)
				  : NULL;
}

/* The id of an element in the whole archive, valid until the next call. A reference to a document
 * that is not named stays as it is, and is reported by the reader. */
static struct tu_str whole_ref(struct reading *y, struct tu_str space, struct tu_str ref)
{
	size_t colon = tu_str_find(ref, ':');
	const struct external *external = NULL;

	if (tu_str_starts(ref, TU_STR("DocumentRef-")) && colon < ref.len) {
		external = external_of(y, tu_str_first(ref, colon));
		if (!external)
			return ref;
		space = external->space;
		ref = tu_str_from(ref, colon + 1);
	}
	tu_buf_clear(&y->ref);
	tu_buf_str_add(&y->ref, space);
	tu_buf_byte(&y->ref, '#');
	tu_buf_str_add(&y->ref, ref);
	return tu_buf_str(&y->ref);
}

/* ---- packages ---- */

static void copy_value(struct tu_json_writer *to, struct tu_json value);

static void copy_container(struct tu_json_writer *to, struct tu_json value)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;
	struct tu_str key;

	if (tu_json_is_array(value)) {
		tu_json_open_array(to);
		while (tu_json_next_item(&iter, &item))
			copy_value(to, item);
		tu_json_close_array(to);
		return;
	}
	tu_json_open_object(to);
	while (tu_json_next_member(&iter, &key, &item)) {
		tu_json_key_str(to, key);
		copy_value(to, item);
	}
	tu_json_close_object(to);
}

/* Depth is bounded by the parser's limit. */
static void copy_value(struct tu_json_writer *to, struct tu_json value)
{
	double number;

	if (tu_json_is_array(value) || tu_json_is_object(value))
		copy_container(to, value);
	else if (tu_json_is_string(value))
		tu_json_add_str(to, tu_json_str(value));
	else if (tu_json_number(value, &number))
		tu_json_add_number(to, number);
	else if (tu_json_type(value) == TU_JSON_BOOL)
		tu_json_add_bool(to, tu_json_true(value));
	else
		tu_json_add_null(to);
}

static void write_package(struct reading *y, struct tu_str space, struct tu_json package)
{
	/* Long lists of a package that the reader has no need of. */
	static const struct tu_str left_out[] = {TU_STR_INIT("SPDXID"), TU_STR_INIT("hasFiles"),
		TU_STR_INIT("packageVerificationCode"), TU_STR_INIT("licenseInfoFromFiles")};
	struct tu_json_writer *to = &y->packages.to;
	struct tu_json_iter iter = tu_json_iter(package);
	struct tu_json value;
	struct tu_str key;

	tu_json_open_object(to);
	tu_json_member_str(to, "SPDXID", whole_ref(y, space, TU_JSON_STR(package, "SPDXID")));
	while (tu_json_next_member(&iter, &key, &value)) {
		size_t row = 0;

		while (row < TU_COUNT(left_out) && !tu_str_eq(left_out[row], key))
			row++;
		if (row < TU_COUNT(left_out))
			continue;
		tu_json_key_str(to, key);
		copy_value(to, value);
	}
	tu_json_close_object(to);
}

static enum tu_status write_packages(struct reading *y, struct tu_str space, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("packages")));
	struct tu_json package;

	while (tu_json_next_item(&iter, &package)) {
		if (tu_json_is_object(package))
			write_package(y, space, package);
		if (y->ref.failed)
			return nomem(y);
	}
	return tu_sbom__rewrite_check(y->r, &y->packages.buf);
}

/* ---- relationships ---- */

static bool is_document(struct tu_str ref)
{
	return tu_str_ends(ref, TU_STR("SPDXRef-DOCUMENT"));
}

static enum tu_status remember_described(struct reading *y, struct tu_str space, struct tu_str ref)
{
	struct described described = {.document = (uint32_t)y->documents.count - 1};

	if (!tu_arena_dup(y->r->scratch, whole_ref(y, space, ref), &described.ref) ||
		!TU_VEC_PUSH(&y->described, described))
		return nomem(y);
	return TU_OK;
}

static enum tu_status write_relationship(
	struct reading *y, struct tu_str space, struct tu_json relationship)
{
	struct tu_json_writer *to = &y->relationships.to;
	struct tu_str from = TU_JSON_STR(relationship, "spdxElementId");
	struct tu_str type = TU_JSON_STR(relationship, "relationshipType");
	struct tu_str target = TU_JSON_STR(relationship, "relatedSpdxElement");

	if (is_document(from) && tu_str_eq(type, TU_STR("DESCRIBES")))
		return remember_described(y, space, target);
	if (is_document(from) || is_document(target) || is_file(y, from) || is_file(y, target))
		return TU_OK;
	tu_json_open_object(to);
	tu_json_member_str(to, "spdxElementId", whole_ref(y, space, from));
	tu_json_member_str(to, "relationshipType", type);
	tu_json_member_str(to, "relatedSpdxElement", whole_ref(y, space, target));
	tu_json_close_object(to);
	return y->ref.failed ? nomem(y) : TU_OK;
}

static enum tu_status write_relationships(
	struct reading *y, struct tu_str space, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("relationships")));
	struct tu_json described = tu_json_get(root, TU_STR("documentDescribes"));
	struct tu_json_iter list = tu_json_iter(described);
	enum tu_status status = TU_OK;
	struct tu_json item;

	while (!status && tu_json_next_item(&iter, &item))
		status = write_relationship(y, space, item);
	while (!status && tu_json_is_array(described) && tu_json_next_item(&list, &item))
		status = remember_described(y, space, tu_json_str(item));
	return status ? status : tu_sbom__rewrite_check(y->r, &y->relationships.buf);
}

/* ---- documents ---- */

/* "Tool: OpenEmbedded Core create-spdx.bbclass" */
static struct tu_str tool_of(struct tu_json creation)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(creation, TU_STR("creators")));
	struct tu_json creator;

	while (tu_json_next_item(&iter, &creator)) {
		if (tu_str_starts(tu_json_str(creator), TU_STR("Tool:")))
			return tu_json_str(creator);
	}
	return (struct tu_str){"", 0};
}

static enum tu_status add_document(struct reading *y, struct tu_json root)
{
	struct tu_json creation = tu_json_get(root, TU_STR("creationInfo"));
	struct tu_arena *scratch = y->r->scratch;
	struct document document;
	uint32_t id;

	if (!tu_arena_dup(scratch, TU_JSON_STR(root, "documentNamespace"), &document.space) ||
		!tu_arena_dup(scratch, TU_JSON_STR(root, "name"), &document.name) ||
		!tu_arena_dup(scratch, TU_JSON_STR(creation, "created"), &document.created) ||
		!tu_arena_dup(scratch, tool_of(creation), &document.tool) ||
		!tu_intern_add(y->spaces, document.space, &id) ||
		!TU_VEC_PUSH(&y->documents, document))
		return nomem(y);
	return TU_OK;
}

static enum tu_status read_document(struct reading *y, struct tu_json root)
{
	struct tu_str space = TU_JSON_STR(root, "documentNamespace");
	enum tu_status status;

	if (tu_intern_find(y->spaces, space) != TU_INTERN_NONE)
		return note(y, "left out: a second document with the namespace", space);
	status = add_document(y, root);
	if (!status)
		status = gather_externals(y, root);
	if (!status)
		status = gather_files(y, root);
	if (!status)
		status = write_packages(y, space, root);
	return status ? status : write_relationships(y, space, root);
}

/* The list of the archive's documents, which says nothing that they do not say. */
static bool is_index(struct tu_json root)
{
	return tu_json_is_array(tu_json_get(root, TU_STR("documents")));
}

static enum tu_status read_json(struct reading *y, struct tu_str text)
{
	const struct tu_json_limits limits = {.bytes = y->r->limits->bytes,
		.depth = y->r->limits->depth ? y->r->limits->depth : 256,
		.unique_keys = true,
		.padded = true};
	struct tu_error problem = {0};
	char words[TU_ERROR_TEXT_MAX];
	struct tu_json root;
	enum tu_status status = tu_json_parse(y->parser, text, &limits, &root, &problem);

	if (status == TU_E_NOMEM)
		return nomem(y);
	if (status)
		return note(y, "left out: an entry that is not well-formed:",
			tu_str_c(tu_error_text(&problem, words, sizeof(words))));
	if (tu_str_starts(TU_JSON_STR(root, "spdxVersion"), TU_STR("SPDX-2.")))
		return read_document(y, root);
	return is_index(root)
		? TU_OK
		: note(y, "left out: an entry that is not an SPDX 2 document", TU_STR(""));
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct reading *y = context;
	struct tu_str start = tu_str_trim(tu_str_first(text, 256));

	(void)err;
	/* ": packages/busybox.spdx.json": the archive has no name of its own. */
	(void)tu_str_skip(&name, TU_STR(": "));
	y->entry = name;
	if (tu_input_is_archive(text))
		return note(y, "left out: an archive in the archive", TU_STR(""));
	if (!tu_str_starts(start, TU_STR("{")))
		return note(y, "left out: an entry that is not JSON", TU_STR(""));
	return read_json(y, text);
}

static void problem(void *context, struct tu_str name, const struct tu_error *what)
{
	struct reading *y = context;
	char text[TU_ERROR_TEXT_MAX];

	(void)tu_str_skip(&name, TU_STR(": "));
	/* Without memory for the note the walk ends soon, by itself. */
	if (tu_sbom__rewrite_note(
		    y->r, 0, name, "not read:", tu_str_c(tu_error_text(what, text, sizeof(text)))))
		y->ref.failed = true;
}

/* ---- the whole ---- */

/* The one document that no other refers to; NULL when there are several. */
static const struct document *image_of(const struct reading *y)
{
	const struct document *image = NULL;

	for (size_t i = 0; i < y->documents.count; i++) {
		const struct document *document = &y->documents.at[i];

		if (tu_intern_find(y->named, document->space) != TU_INTERN_NONE)
			continue;
		if (image)
			return NULL;
		image = document;
	}
	return image;
}

static void write_creation(struct tu_json_writer *to, const struct document *image)
{
	tu_json_key(to, "creationInfo");
	tu_json_open_object(to);
	tu_json_member_opt(to, "created", image->created);
	if (image->tool.len) {
		tu_json_key(to, "creators");
		tu_json_open_array(to);
		tu_json_add_str(to, image->tool);
		tu_json_close_array(to);
	}
	tu_json_close_object(to);
}

static void write_image(struct reading *y, const struct document *image)
{
	struct tu_json_writer *to = &y->r->to;

	tu_json_member_opt(to, "name", image->name);
	tu_json_member_opt(to, "documentNamespace", image->space);
	write_creation(to, image);
	tu_json_key(to, "documentDescribes");
	tu_json_open_array(to);
	for (size_t i = 0; i < y->described.count; i++) {
		if (&y->documents.at[y->described.at[i].document] == image)
			tu_json_add_str(to, y->described.at[i].ref);
	}
	tu_json_close_array(to);
}

static enum tu_status write_all(struct reading *y)
{
	struct tu_sbom_rewrite *r = y->r;
	const struct document *image = image_of(y);
	enum tu_status status = TU_OK;

	tu_json_open_object(&r->to);
	tu_json_member_str(&r->to, "spdxVersion", TU_STR("SPDX-2.2"));
	tu_json_member_str(&r->to, "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	if (image)
		write_image(y, image);
	else
		status = tu_sbom__rewrite_note(r, 0, TU_STR(""),
			"no document of the archive is above all others: there is no subject",
			TU_STR(""));
	if (!status)
		status = tu_sbom__part_member(r, "packages", &y->packages);
	if (!status)
		status = tu_sbom__part_member(r, "relationships", &y->relationships);
	tu_json_close_object(&r->to);
	if (!status && y->file_count)
		status = tu_sbom__rewrite_note(
			r, 0, TU_STR(""), "not read as components: files", TU_STR(""));
	return status ? status : tu_sbom__rewrite_check(r, &r->json);
}

static enum tu_status read_archive(struct reading *y, struct tu_str text)
{
	const struct tu_input_walk walk = {.visit = visit,
		.problem = problem,
		.context = y,
		.limits = {.bytes = y->ref.ceiling, .total = y->ref.ceiling}};
	enum tu_status status = tu_input_each_entry(TU_STR(""), text, &walk, y->r->err);

	if (!status && y->ref.failed)
		status = nomem(y);
	if (!status && y->documents.count == 0)
		status = tu_fail_at(y->r->err, TU_E_UNSUPPORTED,
			&(struct tu_error_place){.line = 1, .column = 1},
			"a tar archive without SPDX 2 documents in JSON; Yocto's "
			"create-spdx archives are read as a whole, others entry by entry");
	return status ? status : write_all(y);
}

enum tu_status tu_sbom__rewrite_yocto_archive(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct reading y = {.r = r, .parser = tu_json_parser_new(), .entry = {"", 0}};
	enum tu_status status;

	r->format = TU_SBOM_YOCTO_SPDX;
	y.spaces = tu_intern_new(r->json.ceiling);
	y.named = tu_intern_new(r->json.ceiling);
	tu_sbom__part_init(r, &y.packages);
	tu_sbom__part_init(r, &y.relationships);
	tu_buf_init(&y.ref, r->json.ceiling);
	status = y.parser && y.spaces && y.named ? read_archive(&y, text) : nomem(&y);
	tu_json_parser_free(y.parser);
	tu_intern_free(y.spaces);
	tu_intern_free(y.named);
	tu_buf_done(&y.ref);
	tu_buf_done(&y.packages.buf);
	tu_buf_done(&y.relationships.buf);
	TU_VEC_DONE(&y.documents);
	TU_VEC_DONE(&y.described);
	TU_VEC_DONE(&y.externals);
	TU_VEC_DONE(&y.files);
	return status;
}
