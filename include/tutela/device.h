/*
 * A device as code: what a maker states once about a device family in DEVICE_DIR/device.yaml, so
 * that findings can be judged. docs/formats/device.md describes the file.
 *
 * Every field has a default, and every "unknown" is worst: a component that is linked to no asset
 * has the worst harm that the device allows, an exposure that is not stated is reachable.
 *
 * Ownership: a device lives in the arena it was read into and borrows nothing else. Absent texts
 * are empty; lists are pointer and count. Threads: a read device is immutable and may be shared.
 */
#ifndef TUTELA_DEVICE_H
#define TUTELA_DEVICE_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>
#include <tutela/zone.h>

TU_BEGIN_C

/* A place in a file, from 1; line 0: the field is not in the file, its default applies. */
struct tu_place {
	uint32_t line;
	uint32_t column;
};

struct tu_texts {
	const struct tu_str *at;
	size_t count;
};

/* Severity of harm to the patient, ISO 14971's five levels as in FDA's postmarket guidance (2016,
 * VI.B). NONE: a hazard analysis says that there is no way to harm; UNKNOWN: nobody has said. */
enum tu_harm {
	TU_HARM_UNKNOWN,
	TU_HARM_NONE,
	TU_HARM_NEGLIGIBLE, /* inconvenience, temporary discomfort */
	TU_HARM_MINOR, /* temporary injury, no professional intervention */
	TU_HARM_SERIOUS, /* needs professional medical intervention */
	TU_HARM_CRITICAL, /* permanent impairment or life-threatening */
	TU_HARM_CATASTROPHIC, /* death */
	TU_HARM_COUNT_
};

/* The five levels alone: columns of a matrix. */
enum { TU_HARM_LEVELS = 5 };

/* Loss of data is no patient harm: an axis of its own. */
enum tu_privacy {
	TU_PRIVACY_UNKNOWN,
	TU_PRIVACY_NONE,
	TU_PRIVACY_LIMITED, /* identifiers or data of few people */
	TU_PRIVACY_SERIOUS, /* health data, or of many people */
	TU_PRIVACY_COUNT_
};

/* The answer of a matrix is binary; UNDECIDED is the absence of one. */
enum tu_risk { TU_RISK_UNDECIDED, TU_RISK_CONTROLLED, TU_RISK_UNCONTROLLED };

enum tu_lifecycle {
	TU_LIFECYCLE_UNKNOWN,
	TU_LIFECYCLE_DEVELOPMENT, /* IMDRF N70's four stages */
	TU_LIFECYCLE_SUPPORTED,
	TU_LIFECYCLE_LIMITED,
	TU_LIFECYCLE_END_OF_SUPPORT
};

struct tu_manufacturer {
	struct tu_str name;
	struct tu_str namespace_; /* an URL that names the maker, as CSAF and VEX want it */
	struct tu_str contact; /* mail address or URL for reports */
	bool isao_member; /* an active member of an information sharing organisation */
	struct tu_str isao; /* its name */
};

struct tu_variant {
	struct tu_str name;
	struct tu_str udi_di; /* the device identifier, as printed */
	struct tu_str model; /* model or catalogue number */
	struct tu_texts markets; /* jurisdictions it is sold in: "US", "EU", … */
};

struct tu_release {
	struct tu_str version; /* names the release; unique in the device */
	int64_t released; /* 0: not stated */
	int64_t support_end; /* 0: as the device */
	struct tu_str sbom; /* path from the device folder, "" */
	struct tu_texts side_files; /* SBOMs of parts, cve-check output, VEX, …: paths */
	struct tu_texts variants; /* names of variants; none: all */
	struct tu_str configuration; /* a word for how it is configured; decisions may bind to it */
	struct tu_str cpe; /* of the release as a product, may be empty */
	struct tu_str purl;
	struct tu_place place;
};

enum tu_function {
	TU_FUNCTION_OTHER,
	TU_FUNCTION_THERAPY,
	TU_FUNCTION_MEASUREMENT,
	TU_FUNCTION_ALARM,
	TU_FUNCTION_DISPLAY,
	TU_FUNCTION_DOSING_CONFIGURATION,
	TU_FUNCTION_COMMUNICATION,
	TU_FUNCTION_UPDATE,
	TU_FUNCTION_LOG,
	TU_FUNCTION_PATIENT_DATA,
	TU_FUNCTION_CREDENTIALS,
	TU_FUNCTION_POWER,
	TU_FUNCTION_COUNT_
};

struct tu_hazard {
	struct tu_str id;
	struct tu_str title; /* the hazardous situation */
	enum tu_harm severity;
	struct tu_str reference; /* into the risk management file */
	struct tu_str situation; /* how it comes about, in words */
	struct tu_place place;
};

/* What must be lost of an asset for a hazard to follow. */
enum {
	TU_LOSS_CONFIDENTIALITY = 1,
	TU_LOSS_INTEGRITY = 2,
	TU_LOSS_AVAILABILITY = 4,
	TU_LOSS_ANY = 7
};

struct tu_hazard_link {
	uint32_t hazard; /* index */
	uint32_t loss; /* TU_LOSS_… */
};

struct tu_asset {
	struct tu_str id;
	struct tu_str title;
	enum tu_function function;
	enum tu_privacy privacy;
	const struct tu_hazard_link *hazards;
	size_t hazard_count;
	bool harmless; /* "hazards: none": the analysis found none */
	struct tu_str rationale; /* why not */
	bool essential; /* part of safety and essential performance */
	struct tu_place place;
};

/* Which components are meant; every field that is stated must agree, "*" stands for any run of
 * characters (ASCII case folded). */
struct tu_selector {
	struct tu_str name;
	struct tu_str version;
	struct tu_str purl; /* a purl without version or qualifiers means all of them */
	struct tu_str cpe; /* a CPE name, compared as a superset */
	struct tu_str ref; /* bom-ref or SPDXID */
	struct tu_str path; /* refs or names from the outermost parent down: "motor/freertos" */
};

struct tu_component_rule {
	struct tu_selector selector;
	const uint32_t *assets; /* indexes */
	size_t asset_count;
	bool no_asset; /* "assets: none" */
	bool unreachable; /* "exposure: none": no interface leads to it */
	struct tu_str rationale;
	struct tu_place place;
};

/* From the widest reach to the narrowest. */
enum tu_interface_kind {
	TU_INTERFACE_NETWORK,
	TU_INTERFACE_WIRELESS,
	TU_INTERFACE_USB,
	TU_INTERFACE_SERVICE,
	TU_INTERFACE_DEBUG,
	TU_INTERFACE_COUNT_
};

/* A yes or no that need not be stated. */
enum tu_stated { TU_STATED_NOTHING, TU_STATED_NO, TU_STATED_YES };

struct tu_interface {
	struct tu_str id;
	struct tu_str title;
	enum tu_interface_kind kind;
	uint32_t range_cm; /* wireless; 0: not stated, taken as far */
	bool disabled; /* not in fielded devices */
	enum tu_stated internet; /* can it be reached from the internet? */
	const struct tu_selector *reaches;
	size_t reach_count;
	struct tu_place place;
};

enum tu_control_state { TU_CONTROL_IN_PLACE, TU_CONTROL_COMPENSATING, TU_CONTROL_PLANNED };

struct tu_control {
	struct tu_str id;
	struct tu_str title;
	enum tu_control_state state;
	uint32_t lowers_exploitability; /* steps, 0 to 4 */
	uint32_t lowers_harm;
	const struct tu_selector *components; /* none of both: it lowers nothing */
	size_t component_count;
	const uint32_t *interfaces; /* indexes: counts when all ways to a component have it */
	size_t interface_count;
	struct tu_str evidence; /* a control without evidence lowers nothing */
	struct tu_place place;
};

/* ---- the risk policy ---- */

enum { TU_EXPLOIT_LEVELS = 5, TU_BANDS_MAX = 5 };

struct tu_band {
	struct tu_str name;
	uint32_t from; /* lowest level of exploitability, 1 to 5, that is in it */
};

/* A clock of the maker's own: see tutela/clock.h for the words. */
struct tu_own_clock {
	struct tu_str id;
	struct tu_str title;
	struct tu_str start; /* event; default "learned" */
	struct tu_str stop; /* event */
	struct tu_str when; /* "uncontrolled" (default), "controlled", "kev", "exploited" (the
			     * same), "exploited:CATALOGUE", "always" */
	uint32_t amount;
	struct tu_str unit; /* "hours", "days", "working-days" */
	struct tu_place place;
};

/* The catalogue that "exploited:CATALOGUE" names; empty: it names none. */
TU_API struct tu_str tu_own_clock_catalogue(struct tu_str when);

struct tu_policy_text {
	struct tu_str version; /* of the policy document */
	struct tu_str approved_by;
	int64_t approved_at; /* 0: not approved */
};

struct tu_risk_policy {
	struct tu_policy_text document;
	struct tu_band bands[TU_BANDS_MAX]; /* rising */
	size_t band_count;
	enum tu_risk matrix[TU_BANDS_MAX][TU_HARM_LEVELS]; /* UNDECIDED: a hole */
	struct tu_place matrix_place;
	struct tu_str acceptance; /* the criteria in words */
	uint32_t epss_high; /* millionths; from here on exploitation is taken as likely [100000] */
	uint32_t score_raise; /* tenths; a decision re-opens when a score rises by more [0] */
	uint32_t decision_days; /* validity of a decision without expiry; 0: unlimited [365] */
	uint32_t undecided_days; /* a finding older than this must be decided; 0: no limit [30] */
	uint32_t approvals; /* how many others must approve a decision in a store: 1 or 2 [1] */
	struct tu_texts deciders; /* who may decide; none: everybody */
	struct tu_texts trusted_suppliers; /* whose VEX statements decide */
	const struct tu_own_clock *clocks;
	size_t clock_count;
	const int64_t *holidays; /* days since 1970, rising */
	size_t holiday_count;
	struct tu_zone zone; /* where days begin and end [UTC] */
};

struct tu_device {
	struct tu_str file; /* for messages */
	struct tu_str id; /* a short word: as stated, else from the family's name */
	bool id_digest; /* made from a name with more than letters and digits of ASCII, spaces
			 * and hyphens: it ends in a digest of the name, so that names stay apart */
	struct tu_manufacturer manufacturer;
	struct tu_str family; /* "Larkspur IP-200" */
	struct tu_str intended_use;
	struct tu_str safety; /* safety and essential performance, in words */
	bool medical; /* false: a product beside the device (gateway, portal): CRA, not MDR [true]
		       */
	bool pma; /* approved by PMA: changes go into its periodic report */
	struct tu_texts markets; /* [US, EU] */
	bool us_federal; /* agencies of the United States are among the customers: CISA's BOD 26-04
			  */
	enum tu_lifecycle lifecycle;
	int64_t support_start, limited_support, support_end; /* 0: not stated */
	const struct tu_variant *variants;
	size_t variant_count;
	const struct tu_release *releases; /* the oldest first, as in the file */
	size_t release_count;
	const struct tu_hazard *hazards;
	size_t hazard_count;
	const struct tu_asset *assets;
	size_t asset_count;
	const struct tu_component_rule *components;
	size_t component_count;
	const struct tu_interface *interfaces;
	size_t interface_count;
	const struct tu_control *controls;
	size_t control_count;
	struct tu_risk_policy policy;
};

/* Limits; zero means the default in brackets. */
struct tu_device_limits {
	size_t bytes; /* [16 MiB] */
	size_t depth; /* [32] */
	size_t nodes; /* keys and values [500,000] */
	const struct tu_zone_names *zones; /* who knows time zones by name [nobody] */
};

/*
 * Read device.yaml (JSON is YAML). `file` is for messages. `limits` may be NULL.
 *
 * Errors: TU_E_SYNTAX with "FILE:LINE:COLUMN: path: …" (not YAML, a tab, a key twice, an alias, an
 * unknown key, a wrong type or word, a name that nothing has, a date without zone where a time is
 * wanted); TU_E_LIMIT; TU_E_NOMEM. `*out_device` is written on success only.
 */
TU_API TU_NODISCARD enum tu_status tu_device_read(struct tu_arena *arena, struct tu_str file,
	struct tu_str text, const struct tu_device_limits *limits,
	const struct tu_device **out_device, struct tu_error *err);

#define TU_NO_RELEASE SIZE_MAX
/* Index of the release with this version; TU_NO_RELEASE. */
TU_API size_t tu_device_release(const struct tu_device *device, struct tu_str version);
/* Index of the band with this name, or of a level of exploitability (1 to 5); bands.count if none.
 */
TU_API size_t tu_device_band(const struct tu_device *device, struct tu_str name);
TU_API size_t tu_device_band_of_level(const struct tu_device *device, uint32_t level);
/* The matrix: UNDECIDED for an unknown harm; no harm is controlled. */
TU_API enum tu_risk tu_device_risk(const struct tu_device *device, size_t band, enum tu_harm harm);
/* The worst that the device allows: of all hazards (none stated: CATASTROPHIC), of all assets. */
TU_API enum tu_harm tu_device_worst_harm(const struct tu_device *device);
TU_API enum tu_privacy tu_device_worst_privacy(const struct tu_device *device);

/* Does a selector mean this component? One that states nothing means none. */
TU_API bool tu_selector_matches(const struct tu_selector *selector,
	const struct tu_inventory *inventory, uint32_t component);
/* The same for what lowers a risk: a path counts only where it is the component's only one, since
 * what uses the component by another path is not what the selector is about. */
TU_API bool tu_selector_matches_alone(const struct tu_selector *selector,
	const struct tu_inventory *inventory, uint32_t component);
TU_API bool tu_selector_is_empty(const struct tu_selector *selector);
/* Two selectors that state the same. */
TU_API bool tu_selector_eq(const struct tu_selector *a, const struct tu_selector *b);

/* ---- lints ---- */

enum tu_lint_level { TU_LINT_NOTE, TU_LINT_WARNING, TU_LINT_ERROR };

struct tu_lint {
	enum tu_lint_level level;
	const char *rule; /* "asset-without-hazard": static storage */
	struct tu_str file; /* device.yaml, a decision, an SBOM */
	struct tu_place place;
	struct tu_str message;
};

struct tu_lints {
	const struct tu_lint *at;
	size_t count;
};

/* A release's inventory for lints that look into it; NULL where it could not be read. */
struct tu_decision;

struct tu_lint_input {
	const struct tu_device *device;
	int64_t at; /* now */
	const struct tu_inventory *const *inventories; /* by release, or NULL */
	const struct tu_decision *const *decisions;
	size_t decision_count;
};

/* Everything that is readable and yet not right. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_device_lint(struct tu_arena *arena,
	const struct tu_lint_input *input, struct tu_lints *out_lints, struct tu_error *err);

/* Words of the file format; static storage. "" for values out of range. */
TU_API const char *tu_harm_name(enum tu_harm harm);
TU_API const char *tu_privacy_name(enum tu_privacy privacy);
TU_API const char *tu_risk_name(enum tu_risk risk); /* "under assessment" for UNDECIDED */
TU_API const char *tu_lifecycle_name(enum tu_lifecycle lifecycle);
TU_API const char *tu_function_name(enum tu_function function);
/* Is the device exposed to the internet? Yes where one interface of fielded devices is; no where
 * each says that it is not; else it is not known. */
TU_API enum tu_stated tu_device_exposed(const struct tu_device *device);
TU_API const char *tu_interface_kind_name(enum tu_interface_kind kind);
TU_API const char *tu_lint_level_name(enum tu_lint_level level);
/* By name, ASCII case folded, '-', '_' and space alike; false for another word. */
TU_API bool tu_harm_by_name(struct tu_str name, enum tu_harm *out_harm);
TU_API bool tu_privacy_by_name(struct tu_str name, enum tu_privacy *out_privacy);

TU_END_C

#endif
