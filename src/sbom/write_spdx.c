/*
 * SPDX 2.3 JSON, by its schema spdx-schema.json.
 *
 * Nesting becomes CONTAINS. What is resolved is written as OpenEmbedded writes it, "CVEs fixed: …",
 * which the reader takes up again.
 */
#include "sbom/write.h"

#include <stdio.h>

/* Letters, digits, '.' and '-' behind "SPDXRef-". */
static bool is_id(struct tu_str ref)
{
	if (!tu_str_skip(&ref, TU_STR("SPDXRef-")) || tu_str_eq(ref, TU_STR("DOCUMENT")))
		return false;
	for (size_t i = 0; i < ref.len; i++) {
		if (!tu_char_is_alnum(ref.ptr[i]) && ref.ptr[i] != '.' && ref.ptr[i] != '-')
			return false;
	}
	return ref.len > 0;
}

static void put_id(struct tu_sbom_writing *w, const char *key, uint32_t index)
{
	char made[32];

	if (index == TU_NO_COMPONENT) {
		tu_json_member_str(&w->to, key, TU_STR("SPDXRef-DOCUMENT"));
		return;
	}
	(void)snprintf(made, sizeof(made), "SPDXRef-tutela-%u", (unsigned)index);
	tu_json_member_str(&w->to, key,
		is_id(w->inventory->components[index].ref) ? w->inventory->components[index].ref
							   : tu_str_c(made));
}

/* ---- parts of a package ---- */

static void put_purpose(struct tu_sbom_writing *w, const struct tu_component *c)
{
	static const char *const purposes[] = {
		[TU_KIND_APPLICATION] = "APPLICATION",
		[TU_KIND_FRAMEWORK] = "FRAMEWORK",
		[TU_KIND_LIBRARY] = "LIBRARY",
		[TU_KIND_CONTAINER] = "CONTAINER",
		[TU_KIND_OPERATING_SYSTEM] = "OPERATING_SYSTEM",
		[TU_KIND_DEVICE] = "DEVICE",
		[TU_KIND_FIRMWARE] = "FIRMWARE",
		[TU_KIND_FILE] = "FILE",
		[TU_KIND_SOURCE] = "SOURCE",
		[TU_KIND_ARCHIVE] = "ARCHIVE",
		[TU_KIND_INSTALL] = "INSTALL",
		[TU_KIND_OTHER] = "OTHER",
	};

	if (c->kind == TU_KIND_UNKNOWN)
		return;
	if (!purposes[c->kind])
		tu_sbom__lose(w, TU_LOSS_KIND, c);
	tu_json_member_str(&w->to, "primaryPackagePurpose",
		tu_str_c(purposes[c->kind] ? purposes[c->kind] : "OTHER"));
}

/* CycloneDX's spelling → SPDX's; empty: SPDX does not have it. */
static struct tu_str algorithm_of(struct tu_str name)
{
	static const struct {
		struct tu_str name;
		struct tu_str spdx;
	} known[] = {
		{TU_STR_INIT("SHA-1"), TU_STR_INIT("SHA1")},
		{TU_STR_INIT("SHA-224"), TU_STR_INIT("SHA224")},
		{TU_STR_INIT("SHA-256"), TU_STR_INIT("SHA256")},
		{TU_STR_INIT("SHA-384"), TU_STR_INIT("SHA384")},
		{TU_STR_INIT("SHA-512"), TU_STR_INIT("SHA512")},
		{TU_STR_INIT("SHA3-256"), TU_STR_INIT("SHA3-256")},
		{TU_STR_INIT("SHA3-384"), TU_STR_INIT("SHA3-384")},
		{TU_STR_INIT("SHA3-512"), TU_STR_INIT("SHA3-512")},
		{TU_STR_INIT("BLAKE2b-256"), TU_STR_INIT("BLAKE2b-256")},
		{TU_STR_INIT("BLAKE2b-384"), TU_STR_INIT("BLAKE2b-384")},
		{TU_STR_INIT("BLAKE2b-512"), TU_STR_INIT("BLAKE2b-512")},
		{TU_STR_INIT("BLAKE3"), TU_STR_INIT("BLAKE3")},
		{TU_STR_INIT("MD2"), TU_STR_INIT("MD2")},
		{TU_STR_INIT("MD4"), TU_STR_INIT("MD4")},
		{TU_STR_INIT("MD5"), TU_STR_INIT("MD5")},
		{TU_STR_INIT("MD6"), TU_STR_INIT("MD6")},
		{TU_STR_INIT("ADLER32"), TU_STR_INIT("ADLER32")},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i].name, name))
			return known[i].spdx;
	}
	return (struct tu_str){"", 0};
}

static void put_checksums(struct tu_sbom_writing *w, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	tu_json_key(&w->to, "checksums");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < c->hash_count; i++) {
		struct tu_str algorithm = algorithm_of(c->hashes[i].algorithm);

		if (!algorithm.len) {
			tu_sbom__lose(w, TU_LOSS_HASH, c);
			continue;
		}
		tu_json_open_object(&w->to);
		tu_json_member_str(&w->to, "algorithm", algorithm);
		tu_json_member_str(&w->to, "checksumValue", c->hashes[i].value);
		tu_json_close_object(&w->to);
	}
	tu_json_close_array(&w->to);
}

static void put_external(
	struct tu_sbom_writing *w, const char *category, const char *type, struct tu_str locator)
{
	if (!locator.len)
		return;
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "referenceCategory", tu_str_c(category));
	tu_json_member_str(&w->to, "referenceType", tu_str_c(type));
	tu_json_member_str(&w->to, "referenceLocator", locator);
	tu_json_close_object(&w->to);
}

static void put_externals(struct tu_sbom_writing *w, const struct tu_component *c)
{
	if (!c->purl.len && !c->cpe_count && !c->swid.len)
		return;
	tu_json_key(&w->to, "externalRefs");
	tu_json_open_array(&w->to);
	put_external(w, "PACKAGE-MANAGER", "purl", c->purl);
	for (size_t i = 0; i < c->cpe_count; i++)
		put_external(w, "SECURITY",
			tu_str_starts(c->cpes[i], TU_STR("cpe:/")) ? "cpe22Type" : "cpe23Type",
			c->cpes[i]);
	put_external(w, "SECURITY", "swid", c->swid);
	tu_json_close_array(&w->to);
}

/* An id or an expression of ids: what SPDX 2 has for licences that are not in the document. */
static bool is_expression(struct tu_str text)
{
	struct tu_str rest = text;
	struct tu_str word;
	bool operand = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!tu_char_is_alnum(c) && !memchr("-.+:() ", c, 7))
			return false;
	}
	while (tu_str_split(&rest, ' ', &word)) {
		bool joins = tu_str_eq(word, TU_STR("AND")) || tu_str_eq(word, TU_STR("OR")) ||
			tu_str_eq(word, TU_STR("WITH"));

		if (!word.len || joins == operand)
			return false;
		operand = !operand;
	}
	return !operand && !tu_str_starts(text, TU_STR("LicenseRef-"));
}

/* SPDX has two places. */
static void put_licences(struct tu_sbom_writing *w, const struct tu_component *c)
{
	static const char *const places[] = {"licenseConcluded", "licenseDeclared"};
	size_t put = 0;

	for (size_t i = 0; i < c->licence_count; i++) {
		if (put < TU_COUNT(places) && is_expression(c->licences[i]))
			tu_json_member_str(&w->to, places[put++], c->licences[i]);
		else
			tu_sbom__lose(w, TU_LOSS_LICENCE, c);
	}
}

static void put_resolved(struct tu_sbom_writing *w, const struct tu_component *c)
{
	struct tu_buf text;

	if (!c->resolved_count)
		return;
	tu_buf_init(&text, 1 << 24);
	tu_buf_c(&text, "CVEs fixed:");
	for (size_t i = 0; i < c->resolved_count; i++) {
		if (!tu_str_eq(c->resolved[i].source, TU_STR("yocto recipe patch")) ||
			c->resolved[i].detail.len)
			tu_sbom__lose(w, TU_LOSS_RESOLVED_SOURCE, c);
		tu_buf_byte(&text, ' ');
		tu_buf_str_add(&text, c->resolved[i].id);
	}
	tu_json_member_str(&w->to, "sourceInfo", tu_buf_str(&text));
	w->to.buf->failed = w->to.buf->failed || text.failed;
	tu_buf_done(&text);
}

static void put_package(struct tu_sbom_writing *w, uint32_t index)
{
	const struct tu_component *c = &w->inventory->components[index];
	struct tu_buf supplier;

	if (!c->name.len)
		tu_sbom__lose(w, TU_LOSS_NAME, c);
	if (c->group.len)
		tu_sbom__lose(w, TU_LOSS_GROUP, c);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_sbom__lose(w, TU_LOSS_SCOPE, c);
	if (c->property_count)
		tu_sbom__lose(w, TU_LOSS_PROPERTY, c);
	tu_json_open_object(&w->to);
	put_id(w, "SPDXID", index);
	tu_json_member_str(&w->to, "name",
		c->name.len	      ? c->name
			: c->purl.len ? c->purl
				      : TU_STR("unnamed"));
	tu_json_member_opt(&w->to, "versionInfo", c->version);
	tu_json_member_str(&w->to, "downloadLocation", TU_STR("NOASSERTION"));
	tu_json_member_bool(&w->to, "filesAnalyzed", false);
	tu_buf_init(&supplier, c->supplier.len + 32);
	tu_buf_printf(&supplier, "Organization: %.*s", TU_STR_FMT(c->supplier));
	if (c->supplier.len)
		tu_json_member_str(&w->to, "supplier", tu_buf_str(&supplier));
	w->to.buf->failed = w->to.buf->failed || supplier.failed;
	tu_buf_done(&supplier);
	put_purpose(w, c);
	put_checksums(w, c);
	put_externals(w, c);
	put_licences(w, c);
	put_resolved(w, c);
	tu_json_close_object(&w->to);
}

/* ---- relationships ---- */

static void put_relationship(
	struct tu_sbom_writing *w, uint32_t from, const char *type, uint32_t target)
{
	tu_json_open_object(&w->to);
	put_id(w, "spdxElementId", from);
	tu_json_member_str(&w->to, "relationshipType", tu_str_c(type));
	put_id(w, "relatedSpdxElement", target);
	tu_json_close_object(&w->to);
}

static void put_relationships(struct tu_sbom_writing *w)
{
	static const char *const types[] = {
		[TU_REL_DEPENDS_ON] = "DEPENDS_ON",
		[TU_REL_CONTAINS] = "CONTAINS",
		[TU_REL_DESCRIBES] = "DESCRIBES",
		[TU_REL_PROVIDES] = "SPECIFICATION_FOR",
		[TU_REL_GENERATED_FROM] = "GENERATED_FROM",
		[TU_REL_OTHER] = "OTHER",
	};
	const struct tu_inventory *inventory = w->inventory;
	bool described = inventory->subject == TU_NO_COMPONENT;

	tu_json_key(&w->to, "relationships");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		described =
			described || (r->from == TU_NO_COMPONENT && r->to == inventory->subject);
		put_relationship(w, r->from, types[r->relation], r->to);
	}
	if (!described)
		put_relationship(w, TU_NO_COMPONENT, "DESCRIBES", inventory->subject);
	for (size_t i = 0; i < inventory->component_count; i++) {
		if (inventory->components[i].parent != TU_NO_COMPONENT)
			put_relationship(
				w, inventory->components[i].parent, "CONTAINS", (uint32_t)i);
	}
	tu_json_close_array(&w->to);
}

/* ---- the document ---- */

static void put_creator(struct tu_sbom_writing *w, struct tu_str tool)
{
	struct tu_buf text;

	if (!tool.len)
		return;
	tu_buf_init(&text, tool.len + 32);
	tu_buf_printf(&text, "Tool: %.*s", TU_STR_FMT(tool));
	tu_json_add_str(&w->to, tu_buf_str(&text));
	w->to.buf->failed = w->to.buf->failed || text.failed;
	tu_buf_done(&text);
}

static void put_creation(struct tu_sbom_writing *w)
{
	tu_json_key(&w->to, "creationInfo");
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "created", tu_sbom__created_of(w));
	tu_json_key(&w->to, "creators");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < w->inventory->tool_count; i++)
		put_creator(w, w->inventory->tools[i]);
	put_creator(w, w->options->tool.len ? w->options->tool : TU_STR("tutela"));
	tu_json_close_array(&w->to);
	tu_json_close_object(&w->to);
}

static void lose_statements(struct tu_sbom_writing *w)
{
	for (size_t i = 0; i < w->inventory->statement_count; i++)
		tu_sbom__lose(w, TU_LOSS_STATEMENT, NULL);
}

enum tu_status tu_sbom__write_spdx(struct tu_sbom_writing *w, struct tu_error *err)
{
	const struct tu_inventory *inventory = w->inventory;

	if (!tu_sbom__serial_of(w).len || !tu_sbom__is_utc(tu_sbom__created_of(w)))
		return tu_fail(err, TU_E_USAGE, 0,
			"SPDX needs a namespace and a time of creation in UTC: give them as "
			"options");
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "spdxVersion", TU_STR("SPDX-2.3"));
	tu_json_member_str(&w->to, "dataLicense", TU_STR("CC0-1.0"));
	tu_json_member_str(&w->to, "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	tu_json_member_str(
		&w->to, "name", inventory->name.len ? inventory->name : TU_STR("unnamed"));
	tu_json_member_str(&w->to, "documentNamespace", tu_sbom__serial_of(w));
	put_creation(w);
	tu_json_key(&w->to, "packages");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < inventory->component_count; i++)
		put_package(w, (uint32_t)i);
	tu_json_close_array(&w->to);
	put_relationships(w);
	lose_statements(w);
	tu_json_close_object(&w->to);
	return TU_OK;
}
