/* Reading statements of any format: detection, and what the readers share. */
#include "base/alloc.h"
#include "vex/reader.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "vex/claim/cyclonedx.h"

enum { NOTES_MAX = 100 };

void tu_vex_stop(struct tu_vex_builder *b, enum tu_status status)
{
	if (b->status == TU_OK)
		b->status = status;
}

void tu_vex_no_memory(struct tu_vex_builder *b)
{
	tu_vex_stop(b, TU_E_NOMEM);
}

struct tu_str tu_vex_keep(struct tu_vex_builder *b, struct tu_str text)
{
	struct tu_str copy = {0};

	if (b->status == TU_OK && text.len && !tu_arena_dup(b->arena, text, &copy))
		tu_vex_no_memory(b);
	return copy;
}

void tu_vex_add_text(struct tu_vex_builder *b, struct tu_vex_texts *texts, struct tu_str text)
{
	if (text.len && !TU_VEC_PUSH_IN(b->arena, texts, tu_vex_keep(b, text)))
		tu_vex_no_memory(b);
}

void tu_vex_add_product(
	struct tu_vex_builder *b, struct tu_vex_products *products, struct tu_vex_product product)
{
	if (!TU_VEC_PUSH_IN(b->arena, products, product))
		tu_vex_no_memory(b);
}

void tu_vex_add_claim(struct tu_vex_builder *b, struct tu_vex_claim claim)
{
	if (!claim.timestamp.len)
		claim.timestamp = b->document.timestamp;
	if (!claim.author.len)
		claim.author = b->document.author;
	if (b->status == TU_OK && !TU_VEC_PUSH_IN(b->arena, &b->claims, claim))
		tu_vex_no_memory(b);
}

struct tu_str tu_vex_pointer(struct tu_vex_builder *b, const char *fmt, ...)
{
	char text[256];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return len < 0 ? TU_STR("") : tu_vex_keep(b, tu_str_of(text, (size_t)len));
}

static struct tu_str pointer_to(struct tu_vex_builder *b, struct tu_json value)
{
	struct tu_buf buf;
	struct tu_str pointer;

	tu_buf_init(&buf, 1 << 20);
	tu_json_pointer(value, &buf);
	if (buf.failed)
		tu_vex_no_memory(b);
	pointer = tu_vex_keep(b, tu_buf_str(&buf));
	tu_buf_done(&buf);
	return pointer;
}

void tu_vex_note(struct tu_vex_builder *b, struct tu_json at, const char *message)
{
	for (size_t i = 0; i < b->notes.count; i++)
		if (tu_str_eq(b->notes.at[i].message, tu_str_c(message))) {
			b->notes.at[i].count++;
			return;
		}
	if (b->notes.count < NOTES_MAX &&
		!TU_VEC_PUSH_IN(b->arena, &b->notes,
			(struct tu_sbom_note){
				pointer_to(b, at), tu_vex_keep(b, tu_str_c(message)), 1}))
		tu_vex_no_memory(b);
}

struct tu_str tu_vex_serial(struct tu_vex_builder *b, struct tu_str text)
{
	char *lower;

	if (tu_str_istarts(text, TU_STR("urn:uuid:")))
		text = tu_str_from(text, 9);
	if (!text.len || b->status)
		return TU_STR("");
	lower = tu_arena_text(b->arena, text.len);
	if (!lower) {
		tu_vex_no_memory(b);
		return TU_STR("");
	}
	for (size_t i = 0; i < text.len; i++)
		lower[i] = tu_char_lower(text.ptr[i]);
	return tu_str_of(lower, text.len);
}

/* One text as a list of one. */
static const struct tu_str *single(struct tu_vex_builder *b, struct tu_str text)
{
	struct tu_vex_texts texts = {0};

	tu_vex_add_text(b, &texts, text);
	return texts.at;
}

/* A bom-ref as a BOM-Link has it: percent-encoded. */
static struct tu_str decode(struct tu_vex_builder *b, struct tu_str text)
{
	char *out = tu_arena_text(b->arena, text.len);

	if (!out) {
		tu_vex_no_memory(b);
		return TU_STR("");
	}
	return tu_percent_decode(text, out);
}

static void take_bom_link(
	struct tu_vex_builder *b, struct tu_vex_product *product, const struct tu_bom_link *link)
{
	product->serial = tu_vex_serial(b, link->serial);
	product->bom_version = link->version;
	product->whole = link->whole;
	product->ref = decode(b, link->ref);
	product->dangling = link->broken;
}

void tu_vex_identify(struct tu_vex_builder *b, struct tu_vex_product *product, struct tu_str text)
{
	struct tu_bom_link link;

	if (tu_str_istarts(text, TU_STR("pkg:"))) {
		product->purls = single(b, text);
		product->purl_count = product->purls != NULL;
	} else if (tu_str_istarts(text, TU_STR("cpe:"))) {
		product->cpes = single(b, text);
		product->cpe_count = product->cpes != NULL;
	} else if (tu_bom_link(text, &link)) {
		take_bom_link(b, product, &link);
	}
}

/* ---- detection ---- */

static const struct {
	enum tu_status (*read)(struct tu_vex_builder *b, struct tu_error *err);
	enum tu_vex_format format;
} readers[] = {
	{tu_vex_read_openvex, TU_VEX_OPENVEX},
	{tu_vex_read_cyclonedx, TU_VEX_CYCLONEDX},
	{tu_vex_read_csaf, TU_VEX_CSAF},
};

struct tu_str tu_vex_context(struct tu_json root)
{
	struct tu_json context = tu_json_get(root, TU_STR("@context")), first;
	struct tu_json_iter iter = tu_json_iter(context);

	if (tu_json_is_array(context) && tu_json_next_item(&iter, &first))
		return tu_json_str(first);
	return tu_json_str(context);
}

static enum tu_vex_format detect(struct tu_json root)
{
	struct tu_str name = tu_vex_context(root);

	if (tu_str_search(name, TU_STR("openvex")) < name.len)
		return TU_VEX_OPENVEX;
	if (tu_str_eq(TU_JSON_STR(root, "bomFormat"), TU_STR("CycloneDX")))
		return TU_VEX_CYCLONEDX;
	if (tu_json_get(tu_json_get(root, TU_STR("document")), TU_STR("csaf_version")).doc)
		return TU_VEX_CSAF;
	return TU_VEX_NONE;
}

static enum tu_status read_root(struct tu_vex_builder *b, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	b->document.format = detect(b->root);
	if (b->document.format == TU_VEX_NONE)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"neither OpenVEX nor CycloneDX JSON nor CSAF 2.0 or 2.1");
	for (size_t i = 0; i < TU_COUNT(readers); i++)
		if (readers[i].format == b->document.format)
			status = readers[i].read(b, err);
	if (status == TU_OK && b->status == TU_E_LIMIT)
		return tu_fail(err, TU_E_LIMIT, 0, "too many products or branches too deep");
	if (status == TU_OK && b->status)
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_vex_read(struct tu_arena *arena, struct tu_str text, bool padded,
	const struct tu_vex_document **out_document, struct tu_error *err)
{
	struct tu_vex_builder b = {.arena = arena};
	size_t refused = tu_alloc_refused();
	const struct tu_json_limits limits = {.unique_keys = true, .padded = padded};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_vex_document *document = tu_arena_alloc(arena, sizeof(*document));
	enum tu_status status;

	if (!parser || !document) {
		tu_json_parser_free(parser);
		return tu_no_memory(err);
	}
	status = tu_json_parse(parser, text, &limits, &b.root, err);
	if (status == TU_OK)
		status = read_root(&b, err);
	tu_json_parser_free(parser);
	status = tu_alloc_settle(refused, status, err);
	if (status != TU_OK)
		return status;
	*document = b.document;
	document->claims = b.claims.at;
	document->claim_count = b.claims.count;
	document->notes = b.notes.at;
	document->note_count = b.notes.count;
	*out_document = document;
	return TU_OK;
}

/* ---- names ---- */

const char *tu_vex_format_name(enum tu_vex_format format)
{
	static const char *const names[] = {"none", "OpenVEX", "CycloneDX", "CSAF"};

	return (unsigned)format < TU_COUNT(names) ? names[format] : "none";
}

static const struct {
	const char *name;
	const char *sentence;
} outcomes[TU_VEX_OUTCOMES] = {
	[TU_VEX_NO_STATUS] = {"no-status", "it states no status that its format has"},
	[TU_VEX_NO_PRODUCT] = {"no-product", "it names no product by an identifier"},
	[TU_VEX_UNREADABLE] = {"unreadable", "its identifiers cannot be read"},
	[TU_VEX_OTHER_PRODUCT] = {"other-product", "the SBOM has no such product"},
	[TU_VEX_OTHER_DOCUMENT] = {"other-document",
		"it is about something that is not a component of this SBOM"},
	[TU_VEX_OTHER_WHOLE] = {"other-whole",
		"the part is here, but the SBOM is not of the product that it is a part of"},
	[TU_VEX_OTHER_FILE] = {"other-file", "the SBOM has the product with another hash"},
	[TU_VEX_OTHER_VERSION] = {"other-version", "the SBOM has another version of the product"},
	[TU_VEX_OTHER_QUALIFIERS] = {"other-qualifiers",
		"the SBOM has the product with other qualifiers (architecture, distribution, …)"},
	[TU_VEX_UNREADABLE_VERSIONS] = {"unreadable-versions",
		"the product is here; the versions that the statement names cannot be read or "
		"compared"},
	[TU_VEX_CONTRADICTORY] = {"contradictory",
		"the product is here; the statement lists this version as affected, too"},
	[TU_VEX_UNKNOWN_VULNERABILITY] = {"unknown-vulnerability",
		"the knowledge base does not have the vulnerability"},
	[TU_VEX_PARTIAL] = {"partial",
		"it is about one of several alike components; the finding is about all of them"},
	[TU_VEX_NO_FINDING] = {"no-finding",
		"the product is here; the vulnerability was not found in it"},
	[TU_VEX_SUPERSEDED] = {"superseded", "a later statement on the same finding counts"},
	[TU_VEX_AMBIGUOUS] = {"ambiguous",
		"another statement on the same finding says otherwise or cannot be read"},
	[TU_VEX_OUTRANKED] = {"outranked",
		"a statement that is trusted counts for the same finding"},
	[TU_VEX_APPLIES] = {"applies", "it applies"},
};

const char *tu_vex_outcome_name(enum tu_vex_outcome outcome)
{
	return (unsigned)outcome < TU_VEX_OUTCOMES ? outcomes[outcome].name : "";
}

const char *tu_vex_outcome_sentence(enum tu_vex_outcome outcome)
{
	return (unsigned)outcome < TU_VEX_OUTCOMES ? outcomes[outcome].sentence : "";
}
