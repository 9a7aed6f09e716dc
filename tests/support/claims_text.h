/*
 * What a document of statements says, as text for tables of tests: document, statements, notes.
 *
 *   CSAF 2.0 id=A by=Acme at=2031-01-01T00:00:00Z
 *   not_affected CVE-1 (GHSA-1) why=… impact=… action=… notes=… by=… at=… /statements/0 / PRODUCT
 *   2 × MESSAGE at /vulnerabilities/0
 *
 * Author and time of a statement are left out where they are the document's. A product begins with
 * "/", a part of one with ">"; an absent list is left out.
 */
#ifndef TU_TESTS_CLAIMS_TEXT_H
#define TU_TESTS_CLAIMS_TEXT_H

#include <tutela/vex.h>

static inline void text__member(struct tu_buf *out, const char *label, struct tu_str text)
{
	if (text.len)
		tu_buf_printf(out, " %s=%.*s", label, TU_STR_FMT(text));
}

static inline void text__list(
	struct tu_buf *out, const char *label, const struct tu_str *list, size_t count)
{
	assert_true(list || !count);
	for (size_t i = 0; i < count; i++)
		tu_buf_printf(out, " %s%.*s", label, TU_STR_FMT(list[i]));
}

static inline void text__product(struct tu_buf *out, const struct tu_vex_product *product)
{
	text__member(out, "id", product->id);
	text__member(out, "name", product->name);
	text__list(out, "", product->purls, product->purl_count);
	text__list(out, "", product->cpes, product->cpe_count);
	assert_true(product->hashes || !product->hash_count);
	for (size_t i = 0; i < product->hash_count; i++)
		tu_buf_printf(out, " hash=%.*s:%.*s", TU_STR_FMT(product->hashes[i].algorithm),
			TU_STR_FMT(product->hashes[i].value));
	text__member(out, "serial", product->serial);
	text__member(out, "ref", product->ref);
	for (size_t i = 0; i < product->component_count; i++)
		tu_buf_printf(out, " here=%u", product->components[i]);
	text__list(out, "v=", product->versions, product->version_count);
	text__list(out, "not=", product->excluded, product->excluded_count);
	tu_buf_printf(out, "%s%s%s%s", product->narrowed ? " narrowed" : "",
		product->unreadable ? " unreadable" : "", product->whole ? " whole" : "",
		product->dangling ? " dangling" : "");
}

static inline void text__products(struct tu_buf *out, const struct tu_vex_claim *claim)
{
	assert_true(claim->products || !claim->product_count);
	for (size_t i = 0; i < claim->product_count; i++) {
		const struct tu_vex_product *product = &claim->products[i];

		assert_true(product->parts || !product->part_count);
		tu_buf_c(out, " /");
		text__product(out, product);
		for (size_t k = 0; k < product->part_count; k++) {
			tu_buf_c(out, " >");
			text__product(out, &product->parts[k]);
			if (product->parts[k].part_count)
				tu_buf_c(out, " >>");
		}
	}
}

static inline void text__claim(struct tu_buf *out, const struct tu_vex_document *document,
	const struct tu_vex_claim *claim)
{
	tu_buf_printf(out, "%s%s%s %.*s", tu_claim_status_name(claim->status),
		claim->garbled ? " garbled" : "", claim->patch ? " patch" : "",
		TU_STR_FMT(claim->vulnerability));
	text__list(out, "alias=", claim->aliases, claim->alias_count);
	text__member(out, "state", claim->state);
	text__member(out, "why", claim->justification);
	text__member(out, "impact", claim->impact);
	text__member(out, "action", claim->action);
	text__member(out, "notes", claim->notes);
	if (!tu_str_eq(claim->author, document->author))
		text__member(out, "by", claim->author);
	if (!tu_str_eq(claim->timestamp, document->timestamp))
		text__member(out, "at", claim->timestamp);
	if (claim->pointer.len)
		tu_buf_printf(out, " %.*s", TU_STR_FMT(claim->pointer));
	text__products(out, claim);
}

static inline void text_document(struct tu_buf *out, const struct tu_vex_document *document)
{
	tu_buf_printf(out, "%s%s %.*s", document->own ? "own " : "",
		tu_vex_format_name(document->format), TU_STR_FMT(document->version));
	text__member(out, "id", document->id);
	text__member(out, "by", document->author);
	text__member(out, "at", document->timestamp);
}

static inline void text_claims(struct tu_buf *out, const struct tu_vex_document *document)
{
	assert_true(document->claims || !document->claim_count);
	for (size_t i = 0; i < document->claim_count; i++) {
		tu_buf_c(out, i ? " & " : "");
		text__claim(out, document, &document->claims[i]);
	}
}

static inline void text_notes(struct tu_buf *out, const struct tu_vex_document *document)
{
	assert_true(document->notes || !document->note_count);
	for (size_t i = 0; i < document->note_count; i++)
		tu_buf_printf(out, "%s%zu × %.*s at %.*s", i ? " & " : "", document->notes[i].count,
			TU_STR_FMT(document->notes[i].message),
			TU_STR_FMT(document->notes[i].pointer));
}

#endif
