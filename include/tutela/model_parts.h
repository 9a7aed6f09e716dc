/*
 * The parts of a design model (tutela/model.h): zones, elements, flows, controls, components,
 * credentials, assumptions, entry points, states and views.
 *
 * What a model does not state is unknown, never "none": a text is empty, a number is
 * TU_MODEL_UNSTATED, a word is its enum's zero. References are indexes into the model's lists.
 */
#ifndef TUTELA_MODEL_PARTS_H
#define TUTELA_MODEL_PARTS_H

#include <tutela/device.h>

TU_BEGIN_C

#define TU_MODEL_UNSTATED UINT64_MAX /* of a number */
#define TU_MODEL_NOWHERE UINT32_MAX /* of an index */

struct tu_indexes {
	const uint32_t *at;
	size_t count;
};

/* An attribute that has no member of its own, as stated: `debug: open`. */
struct tu_model_fact {
	struct tu_str name;
	struct tu_str value;
	struct tu_place place;
};

struct tu_model_facts {
	const struct tu_model_fact *at; /* by name, rising */
	size_t count;
};

enum tu_zone_role {
	TU_ZONE_UNKNOWN,
	TU_ZONE_CARE,
	TU_ZONE_DEVICE,
	TU_ZONE_USER,
	TU_ZONE_PUBLIC,
	TU_ZONE_HOSPITAL,
	TU_ZONE_CLOUD,
	TU_ZONE_MANUFACTURER,
	TU_ZONE_PRODUCTION
};

/* The border of a zone is a trust boundary. */
struct tu_model_zone {
	struct tu_str id, name, description;
	struct tu_str boundary; /* what the border is, in words */
	uint32_t parent; /* or TU_MODEL_NOWHERE */
	enum tu_zone_role role;
	uint32_t trust; /* 1 to 10; 0: not stated */
	struct tu_place place;
};

enum tu_element_kind {
	TU_ELEMENT_UNKNOWN,
	TU_ELEMENT_ACTOR,
	TU_ELEMENT_EXTERNAL,
	TU_ELEMENT_PROCESS,
	TU_ELEMENT_STORE,
	TU_ELEMENT_HARDWARE
};

struct tu_model_element {
	struct tu_str id, name, description;
	enum tu_element_kind kind;
	uint32_t zone; /* or TU_MODEL_NOWHERE */
	uint64_t count; /* instances in the field */
	uint64_t patients; /* that one instance serves at one time */
	struct tu_texts
		functions; /* "therapy", "measurement", "alarm", … "service", "production" */
	struct tu_indexes assets;
	bool functions_stated, assets_stated; /* there is a list, be it empty */
	struct tu_model_facts facts;
	bool out_of_scope; /* run by others: nothing is found at it, its flows count */
	bool disabled; /* not in fielded devices */
	struct tu_indexes states; /* none: all */
	struct tu_place place;
};

enum tu_medium {
	TU_MEDIUM_UNKNOWN,
	TU_MEDIUM_INTERNAL, /* inside one enclosure */
	TU_MEDIUM_LOCAL, /* by hand, eye, ear or cable at the place */
	TU_MEDIUM_OPTICAL,
	TU_MEDIUM_RADIO,
	TU_MEDIUM_REMOVABLE,
	TU_MEDIUM_IP,
	TU_MEDIUM_INTERNET
};

/* What a flow carries: bits. */
enum {
	TU_CARRIES_COMMAND = 1,
	TU_CARRIES_CONFIGURATION = 2,
	TU_CARRIES_UPDATE = 4,
	TU_CARRIES_INFORMATION = 8,
	TU_CARRIES_ALARM = 16,
	TU_CARRIES_LOG = 32,
	TU_CARRIES_IDENTITY = 64,
	TU_CARRIES_THERAPY = 128
};

/* The four properties of a flow. Each is a text: "none", "wired" (inside one enclosure or by hand:
 * nothing to protect), a mechanism; empty: not stated. */
enum tu_flow_property {
	TU_PROPERTY_AUTHENTICATION,
	TU_PROPERTY_INTEGRITY,
	TU_PROPERTY_ENCRYPTION,
	TU_PROPERTY_FRESHNESS,
	TU_PROPERTY_COUNT_
};

struct tu_model_flow {
	struct tu_str id, name, description;
	uint32_t from, to; /* elements */
	struct tu_str protocol, version, channel; /* channel: port, channel or bus */
	enum tu_medium medium;
	uint32_t carries; /* TU_CARRIES_…; 0: not stated */
	struct tu_indexes assets;
	bool assets_stated; /* there is a list, be it empty */
	struct tu_str properties[TU_PROPERTY_COUNT_];
	uint64_t fan_out; /* targets that one source reaches */
	struct tu_model_facts facts; /* with access_control, roles, hand_offs, session, abnormal,
				  defaults, unused: the fields of FDA's Appendix 2 */
	struct tu_indexes states;
	bool disabled;
	struct tu_place place;
};

/* An element or a flow. */
struct tu_spot {
	bool is_flow;
	uint32_t index;
};

struct tu_spots {
	const struct tu_spot *at;
	size_t count;
};

struct tu_model_control {
	struct tu_str id, title;
	uint32_t category; /* 1 to 8: FDA's Appendix 1 in its order; 0: not stated */
	struct tu_spots covers;
	struct tu_texts provides; /* properties that it gives there, and no other */
	struct tu_str requirement, evidence;
	bool evidence_gone; /* it names a file that is not there: none */
	enum tu_control_state state; /* planned is no evidence and settles nothing */
	struct tu_place place;
};

struct tu_model_component {
	struct tu_str id, purl, supplier;
	struct tu_selector selector; /* of device.yaml's grammar; empty where purl says it */
	struct tu_str support; /* "maintained", "limited", "end-of-support"; empty: not stated */
	int64_t end_of_support; /* seconds; 0: not stated */
	struct tu_str end_note; /* why there is no date */
	struct tu_indexes elements;
	struct tu_place place;
};

struct tu_model_credential {
	struct tu_str id, title;
	struct tu_str scope; /* "device", "site", "fleet" */
	struct tu_str made, stored, verified, issued, rotated, revoked; /* in words */
	uint32_t store; /* element that keeps it, or TU_MODEL_NOWHERE */
	struct tu_indexes accepted_by; /* elements */
	struct tu_model_facts facts;
	struct tu_place place;
};

struct tu_model_assumption {
	struct tu_str id, text, owner;
	int64_t review_by; /* 0: not stated */
	struct tu_spots about;
	struct tu_place place;
};

/* Where an attacker begins, and from which position: "touch", "radio", "adjacent", "internet",
 * "insider", "supply-chain". */
struct tu_model_entry {
	struct tu_str id, title, position;
	struct tu_spot spot;
	struct tu_place place;
};

struct tu_model_state {
	struct tu_str id, name, description;
	struct tu_str phase; /* "clinical use", "service", "update", "production", … */
	struct tu_place place;
};

/* The four views of FDA's Appendix 2 and views of the maker's own. */
enum tu_view_kind {
	TU_VIEW_OTHER,
	TU_VIEW_GLOBAL,
	TU_VIEW_MULTI_PATIENT,
	TU_VIEW_UPDATEABILITY,
	TU_VIEW_USE_CASE
};

struct tu_model_view {
	struct tu_str id, title;
	enum tu_view_kind kind;
	struct tu_spots spots;
	bool everything; /* "*" */
	struct tu_str reason; /* why it is empty or not applicable */
	struct tu_place place;
};

TU_END_C

#endif
