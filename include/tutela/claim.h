/*
 * A claim: who says what status a product has in view of a vulnerability. Every format of
 * statements is read into it: CycloneDX inside an SBOM and beside it, OpenVEX, CSAF, SPDX 3, what a
 * build knows.
 *
 * Ownership: a claim lives in the arena it was read into and borrows nothing else.
 * Threads:   pure functions of their arguments; thread-safe.
 */
#ifndef TUTELA_CLAIM_H
#define TUTELA_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/str.h>

TU_BEGIN_C

/* UNSTATED: the document says nothing that is a status (CSAF's "recommended", no analysis). */
enum tu_claim_status {
	TU_CLAIM_UNSTATED,
	TU_CLAIM_UNDER_INVESTIGATION,
	TU_CLAIM_NOT_AFFECTED,
	TU_CLAIM_AFFECTED,
	TU_CLAIM_FIXED,
	TU_CLAIM_STATUSES
};

struct tu_hash_value {
	struct tu_str algorithm; /* "SHA-256", as CycloneDX spells it */
	struct tu_str value; /* lower-case hexadecimal */
};

/* A product as a statement names it. Lists are pointer and count; absent texts are empty. */
struct tu_vex_product {
	struct tu_str id; /* in its document: @id, product_id, bom-ref */
	struct tu_str name;
	const struct tu_str *purls; /* as written */
	size_t purl_count;
	const struct tu_str *cpes; /* as written, 2.3 or 2.2 */
	size_t cpe_count;
	const struct tu_hash_value *hashes;
	size_t hash_count;
	struct tu_str serial; /* of the BOM in which `ref` is a bom-ref; lower case, no prefix */
	uint32_t bom_version; /* of that BOM; 0: not stated */
	struct tu_str ref;
	/* Inside an SBOM: components of this very SBOM, by index. */
	const uint32_t *components;
	size_t component_count;
	bool whole; /* inside an SBOM: all that it is about */
	bool dangling; /* inside an SBOM: it refers to what the SBOM does not have */
	/* Only these versions of it: exact ones, a vers range where "vers:", or text for people,
	 * which no version is. None, and neither of the two flags: all versions. */
	const struct tu_str *versions;
	size_t version_count;
	/* Of these, whatever `versions` says: the statement contradicts itself. */
	const struct tu_str *excluded;
	size_t excluded_count;
	bool narrowed; /* only `versions`, even where there are none */
	bool unreadable; /* further versions could not be read: beyond `versions` nobody knows */
	/* What the statement is about is a part of this product; none: the product itself. */
	const struct tu_vex_product *parts;
	size_t part_count;
};

/* One statement: a status of products in view of one vulnerability. */
struct tu_vex_claim {
	struct tu_str vulnerability; /* "CVE-2024-1234" */
	const struct tu_str *aliases;
	size_t alias_count;
	enum tu_claim_status status;
	bool garbled; /* UNSTATED, since the word that is there is none of its format */
	bool patch; /* a patch in the component resolves it */
	struct tu_str state; /* the word for `status` where the format has several, or empty */
	struct tu_str justification; /* a word of OpenVEX, CSAF or CycloneDX, as written */
	struct tu_str impact; /* why it is not affected */
	struct tu_str action; /* what to do when it is */
	struct tu_str notes;
	const struct tu_vex_product *products;
	size_t product_count; /* 0: the statement names none */
	struct tu_str author; /* who says so */
	struct tu_str timestamp; /* as written; of the statement, else of the document */
	struct tu_str pointer; /* JSON pointer of the statement */
};

/* Whose words for a status. */
enum tu_claim_words {
	TU_WORDS_OPENVEX, /* decisions have the same */
	TU_WORDS_CYCLONEDX,
	TU_WORDS_CSAF, /* members of product_status */
	TU_WORDS_SPDX3, /* types of assessments */
	TU_WORDS_SPDX3_RELATION, /* their types of relationship */
	TU_WORDS_YOCTO /* cve-check */
};

/* The status that a word means, exactly as the format spells it; UNSTATED for any other. */
TU_API enum tu_claim_status tu_claim_status_of(enum tu_claim_words words, struct tu_str word);
/* The word to write for a status; "" where the format has none. Static storage. */
TU_API const char *tu_claim_word(enum tu_claim_words words, enum tu_claim_status status);
/* The words of a format, by index, in the order in which they are written; NULL: there are no more.
 * CSAF's "unknown" is among them, a word that states nothing. */
TU_API const char *tu_claim_word_at(enum tu_claim_words words, size_t index);
/* CycloneDX's word for a claim: as it was read, else the one for its status; "in_triage" where that
 * could not be read. */
TU_API struct tu_str tu_claim_state(const struct tu_vex_claim *claim);
/* "not_affected", …; "unstated". Static storage. */
TU_API const char *tu_claim_status_name(enum tu_claim_status status);
/* Of several claims on one product the one with the highest rank says most: affected, under
 * investigation, fixed, not affected. 0: UNSTATED. */
TU_API int tu_claim_rank(enum tu_claim_status status);
/* Not affected or fixed: what is found is closed by it, if it applies and is trusted. */
TU_API bool tu_claim_clears(enum tu_claim_status status);
/* Why, in the document's own words: impact, else notes. */
TU_API struct tu_str tu_claim_detail(const struct tu_vex_claim *claim);

TU_END_C

#endif
