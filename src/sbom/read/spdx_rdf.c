/*
 * SPDX 2.0 to 2.3 RDF/XML, written as SPDX JSON (see rewrite.h).
 *
 * RDF/XML says the same graph in many ways: elements nested where they are first needed or listed
 * at the top, properties as elements or attributes, references by rdf:resource or rdf:nodeID. So
 * the graph is gathered first, with the properties that an inventory needs, and written then.
 * Prefixes do not matter, namespaces do. Terms: https://spdx.github.io/spdx-spec/v2.3/, RDF
 * ontology; syntax: https://www.w3.org/TR/rdf-syntax-grammar/.
 */
#include "sbom/read/spdx_rdf.h"

enum { EXPRESSION_MAX = 64 * 1024 };

/* ---- licences ---- */

static void add_licence(const struct tu_rdf_graph *g, const struct tu_rdf_node *node, size_t depth,
	bool inner, struct tu_buf *out);

static void add_set(const struct tu_rdf_graph *g, const struct tu_rdf_node *node, const char *word,
	size_t depth, bool inner, struct tu_buf *out)
{
	uint32_t at = tu_sbom__rdf_next(g, node, "member", TU_RDF_NO_NODE);
	bool first = true;

	if (inner)
		tu_buf_byte(out, '(');
	for (; at != TU_RDF_NO_NODE && !out->failed;
		at = tu_sbom__rdf_next(g, node, "member", at)) {
		if (!first)
			tu_buf_c(out, word);
		first = false;
		if (tu_sbom__rdf_node(g, at))
			add_licence(g, tu_sbom__rdf_node(g, at), depth + 1, true, out);
	}
	if (inner)
		tu_buf_byte(out, ')');
}

static void add_exception(const struct tu_rdf_graph *g, const struct tu_rdf_node *node,
	size_t depth, struct tu_buf *out)
{
	const struct tu_rdf_node *exception = tu_sbom__rdf_node(
		g, tu_sbom__rdf_next(g, node, "licenseException", TU_RDF_NO_NODE));

	add_set(g, node, " ", depth, false, out);
	if (!exception)
		return;
	tu_buf_c(out, " WITH ");
	tu_buf_str_add(out, tu_sbom__rdf_text(g, exception, "licenseExceptionId"));
}

/* As SPDX writes it; a licence that has no id of its own by the end of its IRI. */
static void add_simple(
	const struct tu_rdf_graph *g, const struct tu_rdf_node *node, struct tu_buf *out)
{
	struct tu_str id = tu_sbom__rdf_text(g, node, "licenseId");

	tu_buf_str_add(out, id.len ? id : tu_sbom__rdf_local(node->id));
}

static void add_licence(const struct tu_rdf_graph *g, const struct tu_rdf_node *node, size_t depth,
	bool inner, struct tu_buf *out)
{
	enum { DEPTH_MAX = 64 };

	if (depth > DEPTH_MAX || out->failed)
		out->failed = true;
	else if (tu_sbom__rdf_is_type(node, "ConjunctiveLicenseSet"))
		add_set(g, node, " AND ", depth, inner, out);
	else if (tu_sbom__rdf_is_type(node, "DisjunctiveLicenseSet"))
		add_set(g, node, " OR ", depth, inner, out);
	else if (tu_sbom__rdf_is_type(node, "WithExceptionOperator"))
		add_exception(g, node, depth, out);
	else if (tu_sbom__rdf_is_type(node, "OrLaterOperator"))
		add_set(g, node, " ", depth, false, out), tu_buf_byte(out, '+');
	else
		add_simple(g, node, out);
}

/* The individuals for "no assertion" and "none" in the words of the other forms. */
static struct tu_str spelt_out(struct tu_str value)
{
	if (tu_str_eq(value, TU_STR(TU_RDF_SPDX "#noassertion")))
		return TU_STR("NOASSERTION");
	return tu_str_eq(value, TU_STR(TU_RDF_SPDX "#none")) ? TU_STR("NONE") : value;
}

static enum tu_status write_licence(struct tu_rdf_graph *g, const struct tu_rdf_node *node,
	const char *name, struct tu_json_writer *to)
{
	uint32_t at = tu_sbom__rdf_next(g, node, name, TU_RDF_NO_NODE);
	const struct tu_rdf_node *licence = tu_sbom__rdf_node(g, at);
	struct tu_buf text;
	enum tu_status status = TU_OK;

	if (at == TU_RDF_NO_NODE)
		return TU_OK;
	tu_buf_init(&text, EXPRESSION_MAX);
	if (licence && !tu_str_eq(spelt_out(licence->id), licence->id))
		tu_buf_str_add(&text, spelt_out(licence->id));
	else if (licence)
		add_licence(g, licence, 0, false, &text);
	else
		tu_buf_str_add(&text, g->properties.at[at].literal);
	if (text.failed)
		status = tu_sbom__rewrite_note(g->r, node->line, TU_STR(""),
			"left out: a licence that is too long or turns in a circle", TU_STR(""));
	else
		tu_json_member_opt(to, name, tu_buf_str(&text));
	tu_buf_done(&text);
	return status;
}

/* ---- writing ---- */

/* The SPDXID of a thing; one of another document looks like one of an external reference. */
static void write_id(
	struct tu_rdf_graph *g, struct tu_json_writer *to, const char *key, struct tu_str id)
{
	struct tu_buf text;

	if (g->document_id.len && tu_str_eq(id, g->document_id)) {
		tu_json_member_str(to, key, TU_STR("SPDXRef-DOCUMENT"));
		return;
	}
	tu_buf_init(&text, id.len + 32);
	if (!tu_str_starts(id, TU_STR("_:")) && tu_str_find(id, '#') < id.len &&
		!tu_str_eq(tu_str_first(id, tu_str_rfind(id, '#')), g->space))
		tu_buf_c(&text, "DocumentRef-external:");
	tu_buf_str_add(&text, tu_str_starts(id, TU_STR("_:")) ? id : tu_sbom__rdf_local(id));
	tu_json_member_opt(to, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

static void write_checksums(
	struct tu_rdf_graph *g, const struct tu_rdf_node *node, struct tu_json_writer *to)
{
	uint32_t at = tu_sbom__rdf_next(g, node, "checksum", TU_RDF_NO_NODE);

	if (at == TU_RDF_NO_NODE)
		return;
	tu_json_key(to, "checksums");
	tu_json_open_array(to);
	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, node, "checksum", at)) {
		const struct tu_rdf_node *sum = tu_sbom__rdf_node(g, at);
		char algorithm[32];
		struct tu_str term;

		if (!sum)
			continue;
		term = tu_str_first(tu_sbom__rdf_term(tu_sbom__rdf_text(g, sum, "algorithm")),
			sizeof(algorithm));
		for (size_t i = 0; i < term.len; i++)
			algorithm[i] = tu_char_is_lower(term.ptr[i])
				? (char)(term.ptr[i] - 'a' + 'A')
				: term.ptr[i];
		tu_json_open_object(to);
		tu_json_member_str(to, "algorithm", tu_str_of(algorithm, term.len));
		tu_json_member_str(to, "checksumValue", tu_sbom__rdf_text(g, sum, "checksumValue"));
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
}

/* "…#referenceCategory_packageManager" → "PACKAGE-MANAGER" */
static struct tu_str category_of(struct tu_str iri)
{
	static const struct tu_str known[][2] = {
		{TU_STR_INIT("security"), TU_STR_INIT("SECURITY")},
		{TU_STR_INIT("packageManager"), TU_STR_INIT("PACKAGE-MANAGER")},
		{TU_STR_INIT("persistentId"), TU_STR_INIT("PERSISTENT-ID")},
		{TU_STR_INIT("other"), TU_STR_INIT("OTHER")},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i][0], tu_sbom__rdf_term(iri)))
			return known[i][1];
	}
	return (struct tu_str){"", 0};
}

/* Each value of a property, as a list. */
static void write_list(struct tu_rdf_graph *g, const struct tu_rdf_node *node, const char *property,
	const char *member, struct tu_json_writer *to)
{
	uint32_t at = tu_sbom__rdf_next(g, node, property, TU_RDF_NO_NODE);

	if (at == TU_RDF_NO_NODE)
		return;
	tu_json_key(to, member);
	tu_json_open_array(to);
	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, node, property, at))
		tu_json_add_str(to, tu_sbom__rdf_value(g, &g->properties.at[at]));
	tu_json_close_array(to);
}

static void write_externals(
	struct tu_rdf_graph *g, const struct tu_rdf_node *node, struct tu_json_writer *to)
{
	uint32_t at = tu_sbom__rdf_next(g, node, "externalRef", TU_RDF_NO_NODE);

	if (at == TU_RDF_NO_NODE)
		return;
	tu_json_key(to, "externalRefs");
	tu_json_open_array(to);
	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, node, "externalRef", at)) {
		const struct tu_rdf_node *external = tu_sbom__rdf_node(g, at);

		if (!external)
			continue;
		tu_json_open_object(to);
		tu_json_member_opt(to, "referenceCategory",
			category_of(tu_sbom__rdf_text(g, external, "referenceCategory")));
		tu_json_member_opt(to, "comment", tu_sbom__rdf_text(g, external, "comment"));
		tu_json_member_str(
			to, "referenceType", tu_sbom__rdf_text(g, external, "referenceType"));
		tu_json_member_str(
			to, "referenceLocator", tu_sbom__rdf_text(g, external, "referenceLocator"));
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
}

static enum tu_status write_package(struct tu_rdf_graph *g, const struct tu_rdf_node *node)
{
	static const char *const members[] = {"name", "versionInfo", "packageFileName", "supplier",
		"originator", "downloadLocation", "homepage", "sourceInfo", "licenseComments",
		"copyrightText", "summary", "description", "comment", "releaseDate", "builtDate",
		"validUntilDate", "packageVerificationCode"};
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	for (size_t i = 0; i < TU_COUNT(members); i++)
		tu_json_member_opt(
			to, members[i], spelt_out(tu_sbom__rdf_text(g, node, members[i])));
	if (tu_str_eq(tu_sbom__rdf_text(g, node, "filesAnalyzed"), TU_STR("true")))
		tu_json_member_bool(to, "filesAnalyzed", true);
	write_list(g, node, "attributionText", "attributionTexts", to);
	tu_json_member_opt(to, "primaryPackagePurpose",
		tu_sbom__rdf_term(tu_sbom__rdf_text(g, node, "primaryPackagePurpose")));
	write_externals(g, node, to);
	write_checksums(g, node, to);
	status = write_licence(g, node, "licenseConcluded", to);
	if (!status)
		status = write_licence(g, node, "licenseDeclared", to);
	tu_json_close_object(to);
	return status;
}

static enum tu_status write_file(struct tu_rdf_graph *g, const struct tu_rdf_node *node)
{
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	tu_json_member_opt(to, "fileName", tu_sbom__rdf_text(g, node, "fileName"));
	write_checksums(g, node, to);
	status = write_licence(g, node, "licenseConcluded", to);
	tu_json_close_object(to);
	return status;
}

static enum tu_status write_extracted(struct tu_rdf_graph *g, const struct tu_rdf_node *node)
{
	static const char *const members[] = {"licenseId", "name", "extractedText", "comment"};
	struct tu_json_writer *to = &g->r->to;

	tu_json_open_object(to);
	for (size_t i = 0; i < TU_COUNT(members); i++)
		tu_json_member_opt(
			to, members[i], spelt_out(tu_sbom__rdf_text(g, node, members[i])));
	write_list(g, node, "seeAlso", "seeAlsos", to);
	tu_json_close_object(to);
	return TU_OK;
}

static enum tu_status write_snippet(struct tu_rdf_graph *g, const struct tu_rdf_node *node)
{
	struct tu_json_writer *to = &g->r->to;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	tu_json_close_object(to);
	return TU_OK;
}

/* "relationshipType_dependsOn" → "DEPENDS_ON" */
static void write_relation(struct tu_json_writer *to, struct tu_str iri)
{
	struct tu_str term = tu_str_first(tu_sbom__rdf_term(iri), 64);
	char words[128];
	size_t len = 0;

	for (size_t i = 0; i < term.len; i++) {
		char c = term.ptr[i];

		if (tu_char_is_upper(c) && i && tu_char_is_lower(term.ptr[i - 1]))
			words[len++] = '_';
		words[len++] = tu_char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
	}
	tu_json_member_str(to, "relationshipType", tu_str_of(words, len));
}

static enum tu_status write_relationships(struct tu_rdf_graph *g, const struct tu_rdf_node *node)
{
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = tu_sbom__rdf_next(g, node, "relationship", TU_RDF_NO_NODE);

	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, node, "relationship", at)) {
		const struct tu_rdf_node *relationship = tu_sbom__rdf_node(g, at);

		if (!relationship)
			continue;
		tu_json_open_object(to);
		write_id(g, to, "spdxElementId", node->id);
		write_relation(to, tu_sbom__rdf_text(g, relationship, "relationshipType"));
		write_id(g, to, "relatedSpdxElement",
			tu_sbom__rdf_text(g, relationship, "relatedSpdxElement"));
		tu_json_close_object(to);
	}
	return TU_OK;
}

static enum tu_status write_each(struct tu_rdf_graph *g, const char *key, const char *type,
	enum tu_status (*write)(struct tu_rdf_graph *g, const struct tu_rdf_node *node))
{
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status = TU_OK;

	tu_json_key(to, key);
	tu_json_open_array(to);
	for (size_t i = 0; !status && i < g->nodes.count; i++) {
		if (!type || tu_sbom__rdf_is_type(&g->nodes.at[i], type))
			status = write(g, &g->nodes.at[i]);
		if (!status)
			status = tu_sbom__rewrite_check(g->r, &g->r->json);
	}
	tu_json_close_array(to);
	return status;
}

static void write_described(struct tu_rdf_graph *g, const struct tu_rdf_node *document)
{
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = tu_sbom__rdf_next(g, document, "describesPackage", TU_RDF_NO_NODE);

	if (at == TU_RDF_NO_NODE)
		return;
	tu_json_key(to, "documentDescribes");
	tu_json_open_array(to);
	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, document, "describesPackage", at))
		tu_json_add_str(
			to, tu_sbom__rdf_local(tu_sbom__rdf_value(g, &g->properties.at[at])));
	tu_json_close_array(to);
}

static void write_creation(struct tu_rdf_graph *g, const struct tu_rdf_node *document)
{
	const struct tu_rdf_node *creation = tu_sbom__rdf_node(
		g, tu_sbom__rdf_next(g, document, "creationInfo", TU_RDF_NO_NODE));
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = creation ? tu_sbom__rdf_next(g, creation, "creator", TU_RDF_NO_NODE)
			       : TU_RDF_NO_NODE;

	if (!creation)
		return;
	tu_json_key(to, "creationInfo");
	tu_json_open_object(to);
	tu_json_member_opt(to, "created", tu_sbom__rdf_text(g, creation, "created"));
	tu_json_member_opt(
		to, "licenseListVersion", tu_sbom__rdf_text(g, creation, "licenseListVersion"));
	tu_json_member_opt(to, "comment", tu_sbom__rdf_text(g, creation, "comment"));
	tu_json_key(to, "creators");
	tu_json_open_array(to);
	for (; at != TU_RDF_NO_NODE; at = tu_sbom__rdf_next(g, creation, "creator", at))
		tu_json_add_str(to, tu_sbom__rdf_value(g, &g->properties.at[at]));
	tu_json_close_array(to);
	tu_json_close_object(to);
}

static enum tu_status write_head(struct tu_rdf_graph *g, const struct tu_rdf_node *document)
{
	struct tu_json_writer *to = &g->r->to;
	struct tu_str own = tu_sbom__rdf_text(g, document, "specVersion");
	struct tu_str version = tu_sbom__spdx_version(g->r, own);

	if (own.len && !version.len)
		return tu_fail_at(g->r->err, TU_E_UNSUPPORTED,
			&(struct tu_error_place){.line = document->line},
			"SPDX RDF/XML, version \"%.*s\"; SPDX-2.0 to SPDX-2.3 are read",
			TU_STR_FMT(tu_str_first(own, 32)));
	tu_json_member_opt(to, "spdxVersion", version);
	tu_json_member_str(to, "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	tu_json_member_opt(to, "name", tu_sbom__rdf_text(g, document, "name"));
	tu_json_member_opt(to, "documentNamespace", g->space);
	tu_json_member_opt(to, "comment", tu_sbom__rdf_text(g, document, "comment"));
	tu_json_member_opt(to, "dataLicense",
		tu_sbom__rdf_local(tu_sbom__rdf_text(g, document, "dataLicense")));
	tu_json_member_opt(
		to, "externalDocumentRefs", tu_sbom__rdf_text(g, document, "externalDocumentRef"));
	tu_json_member_opt(to, "annotations", tu_sbom__rdf_text(g, document, "annotation"));
	write_creation(g, document);
	return TU_OK;
}

static const struct tu_rdf_node *find_document(const struct tu_rdf_graph *g)
{
	for (size_t i = 0; i < g->nodes.count; i++) {
		if (tu_sbom__rdf_is_type(&g->nodes.at[i], "SpdxDocument"))
			return &g->nodes.at[i];
	}
	return NULL;
}

static enum tu_status write_graph(struct tu_rdf_graph *g)
{
	const struct tu_rdf_node *document = find_document(g);
	enum tu_status status;

	if (!document)
		return tu_fail_at(g->r->err, TU_E_UNSUPPORTED,
			&(struct tu_error_place){.line = 1, .column = 1},
			"RDF/XML without an SpdxDocument of SPDX 2");
	g->document_id = document->id;
	g->space = tu_str_first(document->id, tu_str_rfind(document->id, '#'));
	tu_json_open_object(&g->r->to);
	status = write_head(g, document);
	if (!status)
		status = write_each(g, "packages", "Package", write_package);
	if (!status)
		status = write_each(g, "files", "File", write_file);
	if (!status)
		status = write_each(g, "snippets", "Snippet", write_snippet);
	if (!status)
		status = write_each(
			g, "hasExtractedLicensingInfos", "ExtractedLicensingInfo", write_extracted);
	if (!status)
		status = write_each(g, "relationships", NULL, write_relationships);
	write_described(g, document);
	tu_json_close_object(&g->r->to);
	return status ? status : tu_sbom__rewrite_check(g->r, &g->r->json);
}

enum tu_status tu_sbom__rewrite_spdx_rdf(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct tu_rdf_graph g = {.r = r, .space = {"", 0}, .document_id = {"", 0}};
	enum tu_status status = tu_sbom__rdf_read(&g, text);

	r->format = TU_SBOM_SPDX_RDF;
	if (!status)
		status = write_graph(&g);
	tu_sbom__rdf_done(&g);
	return status;
}
