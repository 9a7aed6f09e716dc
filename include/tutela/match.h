/*
 * Matching: which component of an inventory is affected by which vulnerability, and why.
 *
 * Every candidate that is looked at becomes a piece of evidence: which record, which identifier met
 * which, how versions were compared, and what follows. A finding is the verdict over all evidence
 * for one vulnerability and one distinct component; the same evidence explains it.
 *
 * Ownership: a result lives in the arena; it borrows from the knowledge base and the inventory.
 * Threads:   independent runs may share a knowledge base.
 */
#ifndef TUTELA_MATCH_H
#define TUTELA_MATCH_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/kb.h>
#include <tutela/sbom.h>

TU_BEGIN_C

enum tu_match_verdict {
	TU_MATCH_UNDECIDED, /* a person must look */
	TU_MATCH_AFFECTED,
	TU_MATCH_NOT_AFFECTED
};

/* How a component and a record's entry met. From the strongest to the weakest. */
enum tu_match_by {
	TU_BY_DISTRO, /* a distribution's own record about its package */
	TU_BY_PACKAGE, /* package of an ecosystem, by purl */
	TU_BY_CPE, /* a CPE that the SBOM states */
	TU_BY_ALIAS, /* a curated or mapped name: purl or plain name to CPE product */
	TU_BY_NAME /* nothing but the same product name: never affected, only undecided */
};

/* Why a piece of evidence has its verdict. */
enum tu_reason {
	TU_WHY_NONE,
	/* affected */
	TU_WHY_IN_RANGE, /* the version is in an affected range */
	TU_WHY_ALL_VERSIONS, /* the record says that every version is affected */
	/* not affected */
	TU_WHY_OUT_OF_RANGE, /* the version is outside all affected ranges */
	TU_WHY_UNAFFECTED, /* the version is in a range that the record marks as unaffected */
	TU_WHY_OTHER_DISTRO, /* the record is about another distribution or release */
	TU_WHY_OTHER_EDITION, /* another update, edition, target software or hardware (CPE
				 attributes) */
	TU_WHY_OTHER_PLATFORM, /* needs a platform that the inventory does not have */
	TU_WHY_WITHDRAWN, /* the record is withdrawn or rejected */
	TU_WHY_PATCHED, /* the SBOM says that a patch resolves it */
	TU_WHY_VEX, /* a statement says so */
	TU_WHY_OTHER_PACKAGE, /* the ecosystem's record of this vulnerability names other packages
			       */
	TU_WHY_DISTRIBUTION, /* the record names a whole distribution: its packages are judged */
	/* undecided */
	TU_WHY_NO_VERSION, /* the component has no version */
	TU_WHY_UNORDERED, /* the scheme cannot order the component's version or a bound */
	TU_WHY_STATUS_UNKNOWN, /* the record does not say for this version */
	TU_WHY_PLATFORM_UNKNOWN, /* needs a platform of which the SBOM says nothing */
	TU_WHY_DISTRO_UNKNOWN, /* the SBOM does not say which release of the distribution */
	TU_WHY_BACKPORT, /* upstream range; the distribution may have back-ported the fix */
	TU_WHY_CPE_DOUBTFUL, /* matched by CPE only; the ecosystem's own data does not confirm it */
	TU_WHY_VENDOR_UNKNOWN, /* the CPE leaves the vendor open and several have this product */
	TU_WHY_NAME_ONLY, /* only the name matches */
	/* not affected */
	TU_WHY_OTHER_PRODUCT, /* the record itself judges the product that the SBOM states */
	/* undecided */
	TU_WHY_UPDATE_UNKNOWN, /* of this version, but perhaps of another update */
	TU_WHY_PRODUCT_UNKNOWN, /* the record judges several products of this name differently */
	TU_WHY_PARENT_MODULE, /* about a Go module of which the purl's subpath may be a package */
	/* not affected */
	TU_WHY_NOT_BUILT, /* the vulnerable source files are not in the kernel that was built */
	/* undecided */
	TU_WHY_RELEASE_NO_DATA, /* no record covers the release; one of another release would apply
				 */
	TU_WHY_NOT_COVERED, /* nor this one, and that record does not suggest that it is affected */
	TU_WHY_OTHER_STREAM, /* the record is about another stream of an rpm module */
	TU_WHY_ORIGIN, /* the record is of the distribution that this one is rebuilt from */
	TU_WHY_ORIGIN_CLEARS, /* as is one that does not suggest that this version is affected */
	/* affected, with what the distribution says of it */
	TU_WHY_UNIMPORTANT, /* no security impact in what the distribution builds */
	TU_WHY_NO_DSA, /* no security update of its own is planned */
	TU_WHY_IGNORED, /* will not be fixed in this release */
	TU_WHY_POSTPONED, /* will be fixed with a later update */
	TU_WHY_END_OF_LIFE, /* the package is no longer supported in this release */
	TU_WHY_COUNT_
};

struct tu_evidence {
	uint32_t vulnerability;
	uint32_t advisory;
	uint32_t entry; /* of the knowledge base */
	uint32_t owner; /* the row of the entry's package or product */
	uint32_t span; /* n-th span of the entry that decided, or TU_KB_NONE */
	enum tu_match_verdict verdict;
	enum tu_reason reason;
	enum tu_match_by by;
	struct tu_str identifier; /* of the component, as the SBOM states it: purl, CPE or name */
	struct tu_str version; /* that was compared */
	bool by_word; /* the product was found by a name, which may mean several */
	bool platform_assumed; /* hardware that SBOMs do not list was taken for granted */
	bool decisive; /* this evidence carries the finding's verdict */
};

struct tu_finding {
	uint32_t distinct; /* index of the distinct component */
	uint32_t vulnerability;
	enum tu_match_verdict verdict;
	enum tu_reason reason;
	struct tu_str
		fixed; /* the lowest version above the installed one that fixes it, or empty */
	struct tu_str statement; /* PATCHED, VEX: what is stated; NOT_BUILT: what shows it */
	bool own_word; /* PATCHED, VEX: the SBOM itself states it */
	const struct tu_evidence *evidence; /* the deciding ones first */
	size_t evidence_count;
};

/* Append the versions that the evidence's record calls affected as VERS: asked whether the version
 * that was compared is in it, it answers as the verdict does. Nothing is written where no such text
 * exists: a bound without order, or a record about something else than the component. Without
 * memory `out` has failed. */
TU_API void tu_evidence_vers(
	const struct tu_kb *kb, const struct tu_evidence *evidence, struct tu_buf *out);
/* The same of an entry of the knowledge base, whatever is installed. */
TU_API void tu_kb_entry_vers(const struct tu_kb *kb, uint32_t entry, struct tu_buf *out);

/* The lowest version above the one that was compared that this record calls fixed; empty: none, or
 * not affected. Borrows from the knowledge base. */
TU_API struct tu_str tu_evidence_fix(const struct tu_kb *kb, const struct tu_evidence *evidence);

/* Components that are alike in every identifier and in the version are matched once. */
struct tu_distinct {
	uint32_t first; /* index of its first component */
	const uint32_t *components; /* all of them, in document order */
	size_t component_count;
	bool identified; /* has a purl, a CPE or a name and a version to look for */
	bool known; /* the knowledge base has applicability data on the package or product */
	bool platform; /* what is found may depend on what else is in the inventory: a record
			  needs another product beside it */
	bool excluded; /* the SBOM says of all of them that they are not in the product */
	size_t first_finding; /* its findings are contiguous in the result */
	size_t finding_count;
};

/* A release, in the inventory, of a product whose end of support the knowledge base knows; whether
 * it is over depends on the day. */
struct tu_supported_release {
	uint32_t distinct; /* what is of it, the first; TU_KB_NONE: the operating system */
	uint32_t lifecycle; /* for tu_kb_lifecycle() */
};

struct tu_match_counts {
	size_t components;
	size_t distinct;
	size_t unidentified; /* distinct ones with nothing to look for */
	size_t unknown; /* distinct ones without any applicability data */
	size_t affected; /* findings by verdict */
	size_t undecided;
	size_t not_affected; /* only those decided by the SBOM: patched, VEX (or all, if kept) */
	size_t candidates; /* entries looked at */
};

/* What shows how a kernel was built, and so which of its source files are in it. */
struct tu_kernel_build;

enum tu_kernel_evidence {
	TU_KERNEL_CONFIG, /* the .config of the build folder */
	TU_KERNEL_COMPILED, /* paths of compiled files, one a line: .c and .h, or .o */
	TU_KERNEL_COMMAND, /* a .cmd file of the build folder */
	/* A file of the source tree; its text is empty for one that is only known to be there. */
	TU_KERNEL_SOURCE
};

TU_API TU_NODISCARD enum tu_status tu_kernel_build_new(
	struct tu_kernel_build **out_build, struct tu_error *err);
/* Add one file. `name`: its path from the folder's or the tree's root; of a .config or a list
 * unused. TU_E_SYNTAX: not what it should be; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_kernel_build_add(struct tu_kernel_build *build,
	enum tu_kernel_evidence kind, struct tu_str name, struct tu_str text, struct tu_error *err);
/* Is this file of a source tree to be read for TU_KERNEL_SOURCE? */
TU_API bool tu_kernel_source_wanted(struct tu_str path);
/* After the last file. TU_E_SYNTAX: of which would follow that nothing was built, or parts that do
 * not belong together; TU_E_UNSUPPORTED: an unknown architecture; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_kernel_build_end(
	struct tu_kernel_build *build, struct tu_error *err);
TU_API void tu_kernel_build_free(struct tu_kernel_build *build);

struct tu_match_options {
	bool keep_all; /* keep findings that are not affected, with their evidence */
	const char *only_component; /* NULL: all; else name, purl, bom-ref or name@version */
	const char *only_id; /* NULL: all; else a vulnerability id */
	const struct tu_kernel_build *kernel; /* NULL: nothing is known of the build */
	/* Only these vulnerabilities, by index: a re-match after a delta. NULL: all. */
	const uint32_t *only_vulnerabilities;
	size_t only_count;
	/* Components, by index, that are not matched together with what is alike: a statement names
	 * them alone. Those that the inventory's own claims name are kept apart anyway. */
	const uint32_t *apart;
	size_t apart_count;
};

struct tu_match_result {
	const struct tu_distinct *distinct; /* in document order of their first component */
	size_t distinct_count;
	const struct tu_finding *findings;
	size_t finding_count;
	const struct tu_supported_release *releases; /* each once */
	size_t release_count;
	/* Releases of distributions ("debian-10") that no record covers, though records name their
	 * packages in other releases. Each once. */
	const struct tu_str *uncovered;
	size_t uncovered_count;
	struct tu_match_counts counts;
	struct tu_str distro; /* "debian-11": the inventory's operating system, or empty */
	/* Why the evidence of a kernel's build was not used, or empty: it is of another one. */
	struct tu_str kernel_note;
};

/* Match a whole inventory. `options` may be NULL. TU_E_NOMEM; TU_E_NOTFOUND when only_component or
 * only_id name nothing. */
TU_API TU_NODISCARD enum tu_status tu_match(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_inventory *inventory, const struct tu_match_options *options,
	const struct tu_match_result **out_result, struct tu_error *err);

/* "affected", "not affected", "undecided". Static storage, as all below. */
TU_API const char *tu_match_verdict_name(enum tu_match_verdict verdict);
/* "distro", "package", "cpe", "alias", "name". */
TU_API const char *tu_match_by_name(enum tu_match_by by);
/* A stable word for programs ("in-range") and a sentence for people. */
TU_API const char *tu_reason_name(enum tu_reason reason);
TU_API const char *tu_reason_sentence(enum tu_reason reason);
/* Is it a distribution's judgement ("unimportant") of a vulnerability that affects the version? */
TU_API bool tu_reason_is_triage(enum tu_reason reason);

TU_END_C

#endif
