/*
 * Statements about vulnerabilities: CSAF, OpenVEX and CycloneDX VEX, read and applied.
 * Statements of one's own: tutela/issue.h.
 *
 * Ownership: what is read lives in the arena it was read into and borrows nothing else.
 * Threads:   pure functions of their arguments; thread-safe.
 */
#ifndef TUTELA_VEX_H
#define TUTELA_VEX_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/claim.h>
#include <tutela/error.h>
#include <tutela/kb.h>
#include <tutela/match.h>
#include <tutela/sbom.h>
#include <tutela/sink.h>
#include <tutela/str.h>

TU_BEGIN_C

/* ---- statements of others, of any format ---- */

enum tu_vex_format { TU_VEX_NONE, TU_VEX_OPENVEX, TU_VEX_CYCLONEDX, TU_VEX_CSAF };

struct tu_vex_document {
	enum tu_vex_format format;
	struct tu_str version; /* of the format: "0.2.0", "1.6", "2.0" */
	struct tu_str id;
	struct tu_str author;
	struct tu_str timestamp; /* as written */
	bool own; /* made by tu_vex_own(): what the SBOM itself says */
	const struct tu_vex_claim *claims;
	size_t claim_count;
	const struct tu_sbom_note *notes; /* what was not understood: told, never dropped */
	size_t note_count;
};

/* What an SBOM itself says, as a document: the statements in it, and what its components' patches
 * resolve. The author is the SBOM's supplier, else the author of the document; empty when it names
 * none. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_vex_own(struct tu_arena *arena,
	const struct tu_inventory *inventory, const struct tu_vex_document **out_document,
	struct tu_error *err);

/* Whose statements decide; those of all others are proposals. */
struct tu_vex_trust {
	bool sbom; /* what the SBOM itself says */
	bool files; /* every document beside it */
	const struct tu_str *authors; /* of documents and of the statements in them */
	size_t author_count;
};

/* The one rule of trust: by the two flags, or since the author is named. Both who wrote the
 * document and whom the statement names must be: anybody can write somebody else's name into a
 * statement. */
TU_API bool tu_vex_trusts(const struct tu_vex_trust *trust, const struct tu_vex_document *document,
	const struct tu_vex_claim *claim);

/* Read OpenVEX (0.0.1 to 0.2), CycloneDX JSON with vulnerabilities (1.4 to 1.7; alone or inside a
 * BOM) or CSAF (2.0, 2.1), detected by content. CSAF is read as it stands: validity is the matter
 * of tu_csaf_validate(). Errors: TU_E_SYNTAX located; TU_E_UNSUPPORTED when it is none of these;
 * TU_E_LIMIT; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_vex_read(struct tu_arena *arena, struct tu_str text,
	bool padded, const struct tu_vex_document **out_document, struct tu_error *err);

/* Why a statement on one product applies to a finding, or to none. From what says least about the
 * SBOM to what says most. */
enum tu_vex_outcome {
	TU_VEX_NO_STATUS, /* it states no status that could be applied */
	TU_VEX_NO_PRODUCT, /* it names no product, or one without any identifier */
	TU_VEX_UNREADABLE, /* its identifiers cannot be parsed */
	TU_VEX_OTHER_PRODUCT, /* the SBOM has no such product */
	TU_VEX_OTHER_DOCUMENT, /* a bom-ref of another BOM, or of one without a serial number */
	TU_VEX_OTHER_WHOLE, /* the part is here, but not in the product that it is a part of */
	TU_VEX_OTHER_FILE, /* the same name, another hash */
	TU_VEX_OTHER_VERSION, /* the product is here in another version */
	TU_VEX_OTHER_QUALIFIERS, /* … of another architecture, distribution, repository */
	TU_VEX_UNREADABLE_VERSIONS, /* … its versions cannot be read or compared with the SBOM's */
	TU_VEX_CONTRADICTORY, /* … it lists this version as affected, too */
	TU_VEX_UNKNOWN_VULNERABILITY, /* the knowledge base does not have it */
	TU_VEX_PARTIAL, /* what was found concerns further components, of which it says nothing */
	TU_VEX_NO_FINDING, /* the product is here and nothing was found of this vulnerability */
	TU_VEX_SUPERSEDED, /* a later statement on the same finding counts */
	TU_VEX_AMBIGUOUS, /* another statement on the same finding says otherwise */
	TU_VEX_OUTRANKED, /* a trusted statement on the same finding counts */
	TU_VEX_APPLIES,
	TU_VEX_OUTCOMES
};

/* What became of one product of one statement. */
struct tu_vex_result {
	uint32_t document; /* index of the documents given */
	uint32_t claim;
	uint32_t product; /* index in the claim; UINT32_MAX: it has none */
	enum tu_vex_outcome outcome;
	uint32_t component; /* of the SBOM: where it applies, or what came nearest; or none */
	size_t findings; /* to how many it applies */
	bool all_versions; /* the component is named without any version */
};

/* Findings that a statement applies to. */
struct tu_vex_link {
	uint32_t finding; /* index of the match result */
	uint32_t document;
	uint32_t claim;
	bool all_versions; /* as in the result */
};

struct tu_vex_application {
	const struct tu_vex_result *results; /* each product of each claim, in order */
	size_t result_count;
	const struct tu_vex_link *links; /* by finding; one a finding: the statement that counts */
	size_t link_count;
	size_t counts[TU_VEX_OUTCOMES];
};

/* What statements are put to. */
struct tu_vex_input {
	const struct tu_vex_document *const *documents;
	size_t count;
	const char *const *names; /* of the documents' files, for texts */
	const struct tu_kb *kb;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match;
	struct tu_vex_trust trust;
};

/* Put statements to the findings of a match (made with keep_all to know of those that are not
 * affected). Identity is exact: a purl equal after normalisation, its version and qualifiers as far
 * as the statement has them; a CPE that is equal to the component's or covers it; a hash; a bom-ref
 * of the same serial number. A statement that says "affected", or has a status that cannot be read,
 * and whose product or versions cannot be read, stands against every other on the vulnerability.
 * Trusted statements go before all others. TU_E_NOMEM, TU_E_LIMIT. */
TU_API TU_NODISCARD enum tu_status tu_vex_apply(struct tu_arena *arena,
	const struct tu_vex_input *input, const struct tu_vex_application **out_application,
	struct tu_error *err);

/* Components, by index, that statements name alone (by a reference into the SBOM or a hash): for
 * the options of the match, before it. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_vex_apart(struct tu_arena *arena,
	const struct tu_vex_document *const *documents, size_t count,
	const struct tu_inventory *inventory, const uint32_t **out_components, size_t *out_count);

/* A match in which the SBOM's statements, if they are trusted, and with trust.files those of all
 * documents decide: a finding that one says to be not affected or fixed becomes not affected. With
 * trusted authors alone a document beside the SBOM is for the caller to weigh. Every statement that
 * counts for a finding becomes its `statement`, but those of the SBOM only where they clear it or
 * are not trusted. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_vex_decide(struct tu_arena *arena,
	const struct tu_vex_input *input, const struct tu_vex_application *application,
	const struct tu_match_result **out_result, struct tu_error *err);

/* "OpenVEX", "CycloneDX", "CSAF"; a stable word ("other-version") and a sentence for people. Static
 * storage. */
TU_API const char *tu_vex_format_name(enum tu_vex_format format);
TU_API const char *tu_vex_outcome_name(enum tu_vex_outcome outcome);
TU_API const char *tu_vex_outcome_sentence(enum tu_vex_outcome outcome);

TU_END_C

#endif
