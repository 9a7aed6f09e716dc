/*
 * The engine: one component's identity against the knowledge base gives evidence.
 */
#ifndef TU_MATCH_ENGINE_H
#define TU_MATCH_ENGINE_H

#include <tutela/match.h>

#include "base/intern.h"
#include "base/vec.h"
#include "kb/kb.h"
#include "match/identity.h"
#include "match/judge.h"
#include "match/release.h"

/* How many nodes of a configuration have a property, up to two, and the number of the last. */
struct platform_count {
	uint16_t nodes, node;
};

/* What the nodes of a configuration ("running on/with") say of the inventory. */
struct platform {
	struct platform_count other; /* needs what is not there */
	struct platform_count unknown; /* needs what may be there */
	struct platform_count assumed; /* needs hardware, which is taken for granted */
	uint32_t judged; /* the configuration that this is about, plus one; 0: none */
};

/* Those judged last, each at its number modulo this: a slot for every configuration of the
 * knowledge base was a megabyte to clear. */
enum { PLATFORMS_KEPT = 1024 };

/* A CPE name that entries state, taken apart. */
struct stated_name {
	uint32_t detail; /* its offset */
	bool clear; /* it could be taken apart */
	struct tu_cpe cpe;
};

/* Those asked for last, each at its offset modulo this: the records of a product state the same
 * names again and again. */
enum { NAMES_KEPT = 64 };

/* What a body says of the component, found as the present product is. */
struct judged {
	uint64_t visit; /* that this is about; 0: none */
	uint32_t body;
	struct outcome outcome; /* of the version */
	enum tu_reason attributes; /* what the other attributes make of it */
};

/* Those judged last, each at its number modulo this: of three entries of a product two say what
 * another says. */
enum { JUDGED_KEPT = 256 };

struct engine {
	const struct tu_kb *kb;
	struct tu_arena *scratch; /* reset between components */
	/* what tu_match__gather_presence() reads: the first component of each of these, or where
	 * there are none all of the inventory */
	const struct tu_inventory *inventory;
	const struct tu_distinct *distinct;
	size_t distinct_count;
	struct tu_intern *present; /* "vendor\0product" of everything in the inventory; NULL: it was
				      not asked for yet */
	struct platform *platforms; /* PLATFORMS_KEPT of them */
	bool os_known; /* the inventory names an operating system that is understood */
	bool keep_all;
	uint32_t only_vulnerability; /* KB_NONE: all */
	const uint8_t *wanted; /* one bit a vulnerability; NULL: all */
	struct stated_name *names; /* NAMES_KEPT of them */
	struct judged *judged; /* JUDGED_KEPT of them */
	uint64_t visit; /* counts the visits to products: the number of the present one */
	uint32_t types_asked; /* ecosystem bits whose presence is known … */
	uint32_t types_present; /* … and those that the knowledge base has packages of */
	TU_VEC(struct tu_evidence) evidence; /* of the present component */
	size_t owner_evidence; /* where that of the present package or product begins */
	TU_VEC(uint32_t) visited; /* product rows looked at for the present component */
	size_t candidates;
	bool known; /* the present component's package or product has data */
	bool platform_asked; /* a record would affect it on a platform: the inventory was asked */
	bool release_missed; /* records name its package, but none covers its release */
	struct release_cache releases;
	TU_VEC(struct tu_str) uncovered; /* releases that were missed, each once */
};

/* Is this vulnerability one of those that are asked for? */
static inline bool engine_wants(const struct engine *engine, uint32_t vulnerability)
{
	if (engine->only_vulnerability != KB_NONE && engine->only_vulnerability != vulnerability)
		return false;
	return !engine->wanted || (engine->wanted[vulnerability / 8] >> (vulnerability % 8) & 1);
}

/* Remember which products a component is, for records that need a platform. False: no memory. */
TU_NODISCARD bool tu_match__add_presence(struct engine *engine, const struct identity *id);

/* The same of the whole inventory, when it is first asked for: most records need no platform. Also
 * where only one component is asked for: its verdicts are the same as in a whole scan. False: no
 * memory, which is counted as refused (base/alloc.h). */
TU_NODISCARD bool tu_match__gather_presence(struct engine *engine);

/* Gather all evidence about one component into engine->evidence (emptied first) and set
 * engine->known. False: no memory. */
TU_NODISCARD bool tu_match__examine(struct engine *engine, const struct identity *id);

/* Is this CPE product a whole distribution, such as debian:debian_linux? */
bool tu_match__is_distribution(struct tu_str vendor, struct tu_str product);

/* Is this CPE product an operating system of which it is clear what it is? A device's firmware is
 * not: it may be built on Linux or on another. */
bool tu_match__is_system(struct tu_str vendor, struct tu_str product);

/* May a record that needs other products besides the matched one apply here? Sets
 * `*out_assumed` when hardware was taken for granted. Returns TU_WHY_NONE when it may, otherwise
 * TU_WHY_OTHER_PLATFORM or TU_WHY_PLATFORM_UNKNOWN. */
enum tu_reason tu_match__platform_reason(
	struct engine *engine, const struct kb_entry *entry, bool *out_assumed);

#endif
