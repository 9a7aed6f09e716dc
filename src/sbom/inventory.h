/*
 * Building an inventory: what the readers of all formats share.
 *
 * A reader walks a document with places (a value and the way to it), reads objects by tables of
 * members, drafts one component at a time and adds it. Everything that it does not understand
 * becomes a note. Only what ends the reading (memory, a limit, a document that is not what it
 * claims to be) is a status other than TU_OK.
 *
 * Memory: finished parts are in the caller's arena, exactly sized; lists that are still growing are
 * on the heap until tu_sbom__done(). One thread.
 */
#ifndef TU_SBOM_INVENTORY_H
#define TU_SBOM_INVENTORY_H

#include <tutela/sbom.h>

#include "base/json.h"
#include "base/vec.h"
#include "sbom/details.h"
#include "sbom/slices.h"

/* A value and the way to it. The frames live on the stack of the functions that descend, so a
 * pointer costs nothing until a note wants it. */
struct tu_sbom_at {
	struct tu_json value;
	const struct tu_sbom_at *up; /* NULL: the root of the document */
	struct tu_str key; /* of a member; ptr NULL: an item of an array */
	size_t index; /* of an item */
};

/* Walking the members or items of a value. */
struct tu_sbom_walk {
	struct tu_json_iter iter;
	struct tu_sbom_at at;
	bool object;
	bool started;
};

struct tu_sbom_walk tu_sbom__walk(const struct tu_sbom_at *at);
bool tu_sbom__next(struct tu_sbom_walk *walk);
/* The member with this key; its value is absent when there is none. */
struct tu_sbom_at tu_sbom__member(const struct tu_sbom_at *at, struct tu_str key);
/* Append the JSON pointer of a place. */
void tu_sbom__pointer(const struct tu_sbom_at *at, struct tu_buf *out);

/* Where new texts are looked for among recent ones; a text that was pushed out is copied again. */
struct tu_sbom_texts {
	struct tu_str *slots;
	size_t mask;
};

/* A note before its words are put together. */
struct tu_sbom_remark {
	const char *what; /* static: it is also half of the key */
	struct tu_str detail;
	struct tu_str pointer;
	size_t count;
};

/* References of the document: ids below `component_count` are components, the others are things
 * that exist but are no components (services, files). */
struct tu_sbom_refs {
	uint32_t *slots; /* id + 1, 0: free */
	size_t mask;
	size_t component_count;
	uint64_t seed;
	TU_VEC(struct tu_str) others; /* texts in the builder's scratch arena */
};

/* What a reference names. */
enum tu_sbom_found { TU_SBOM_FOUND_NOTHING, TU_SBOM_FOUND_COMPONENT, TU_SBOM_FOUND_OTHER };

/* Of one maker: what the supplier is chosen from. */
struct tu_sbom_made {
	struct tu_str name;
	struct tu_str contact; /* e-mail address, else URL */
	enum tu_party_kind kind;
};

/* A list of licences that was sealed. */
struct tu_sbom_licences {
	const struct tu_licence *at;
	size_t count;
};

/* The component being read; its lists are the builder's. A reader that adds parties to `own.makers`
 * states them in full; otherwise each of `makers` becomes one. */
struct tu_sbom_draft {
	struct tu_component component;
	struct tu_sbom_made makers[TU_ROLES_];
	bool scope_stated;
	struct tu_sbom_at children; /* nested components, read after it was added */
};

struct tu_sbom_builder {
	struct tu_arena *arena;
	struct tu_arena *scratch; /* given back at the end */
	struct tu_arena *identifiers; /* of the one that is being checked; NULL: none was yet */
	size_t identifiers_noted;
	struct tu_sbom_slices *slices; /* NULL: the document was parsed as a whole */
	struct tu_error *err;
	struct tu_inventory *inventory;
	size_t component_ceiling;
	size_t note_ceiling;
	bool for_matching; /* see tu_sbom_limits */
	TU_VEC(struct tu_component) components; /* in the arena */
	TU_VEC(struct tu_relationship) relationships;
	TU_VEC(struct tu_vex_claim) claims;
	TU_VEC(struct tu_str) tools;
	TU_VEC(struct tu_str) phases;
	TU_VEC(struct tu_party) authors;
	TU_VEC(uint32_t) leaves;
	TU_VEC(struct tu_licence_text) licence_texts;
	TU_VEC(struct tu_sbom_remark) unkept;
	TU_VEC(struct tu_sbom_remark) remarks;
	uint32_t *remark_slots; /* index + 1, 0: free */
	size_t remark_mask;
	size_t remarks_left_out;
	size_t nuls; /* texts in which NUL was replaced */
	struct tu_sbom_texts texts;
	struct tu_str *own_slots; /* those of `texts` that are not in the arena */
	struct tu_sbom_refs refs;
	struct tu_sbom_licences licences[64]; /* recent lists, to be shared */
	struct tu_sbom_lists document;
	/* Lists of the draft. */
	struct tu_sbom_lists own;
	TU_VEC(struct tu_str) cpes;
	TU_VEC(struct tu_hash_value) hashes;
	TU_VEC(struct tu_resolved) resolved;
	/* Components that the statement being read is about. */
	TU_VEC(uint32_t) about;
};

/* `slices` may be NULL. `text_len`: bytes of the document, which size the table of recent texts. */
TU_NODISCARD enum tu_status tu_sbom__init(struct tu_sbom_builder *b, struct tu_arena *arena,
	struct tu_sbom_slices *slices, size_t text_len, const struct tu_sbom_limits *limits,
	struct tu_error *err);
/* Put the inventory together: relationships, statements, the words of the notes. */
TU_NODISCARD enum tu_status tu_sbom__finish(
	struct tu_sbom_builder *b, const struct tu_inventory **out_inventory);
/* Give the heap parts back; also after a failure. */
void tu_sbom__done(struct tu_sbom_builder *b);

TU_NODISCARD enum tu_status tu_sbom__nomem(struct tu_sbom_builder *b);

/*
 * Notes. `what` is a static text; the message is "<what> <detail>". The first form joins all places
 * with the same words under one note with a count; the second is for what must be seen singly.
 */
TU_NODISCARD enum tu_status tu_sbom__note(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail);
TU_NODISCARD enum tu_status tu_sbom__note_each(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, const char *what, struct tu_str detail);
/* At a component that was added. */
TU_NODISCARD enum tu_status tu_sbom__note_component(struct tu_sbom_builder *b,
	const struct tu_component *component, const char *what, struct tu_str detail);
/* At a place of a source that is not JSON: "line 12, /bom/components". */
TU_NODISCARD enum tu_status tu_sbom__note_place(struct tu_sbom_builder *b, struct tu_str place,
	const char *what, struct tu_str detail, size_t count);
/* "<what> <count>"; nothing when the count is 0. */
TU_NODISCARD enum tu_status tu_sbom__note_count(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, const char *what, size_t count);
/* Put the words of a note together. */
TU_NODISCARD enum tu_status tu_sbom__word(struct tu_sbom_builder *b,
	const struct tu_sbom_remark *remark, struct tu_sbom_note *out_note);

/* Copy a text into the arena, or share the copy of an equal one. U+FFFD replaces NUL, which JSON
 * may have escaped: no database and no other format has it. */
TU_NODISCARD enum tu_status tu_sbom__copy(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy);
/* A copy of its own, in which U+FFFD replaces NUL and each byte that is not UTF-8 (a note quotes
 * what is no text, or half of a character). False: no memory. */
TU_NODISCARD bool tu_sbom__dup(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy);
/* Note the texts in which NUL was replaced, if there are any. */
TU_NODISCARD enum tu_status tu_sbom__note_nuls(struct tu_sbom_builder *b);
/* A copy of its own in ASCII lower case, of a text without NUL. False: no memory, of which the
 * error says so. */
TU_NODISCARD bool tu_sbom__lower(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy);
/* The same of any text: of what does not come twice, such as hashes. */
TU_NODISCARD enum tu_status tu_sbom__copy_lower(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy);

/*
 * Objects by table. `types` contains a bit (TU_SBOM_STRING, …) for each type that is accepted, 0
 * any; another type is noted and skipped, null is as absent. `read` gets the place and the address
 * `into` + `slot`; NULL: the member is understood and not needed. Members that are not in the table
 * are noted, joined by object and name.
 */
enum {
	TU_SBOM_BOOL = 1 << TU_JSON_BOOL,
	TU_SBOM_NUMBER = 1 << TU_JSON_NUMBER,
	TU_SBOM_STRING = 1 << TU_JSON_STRING,
	TU_SBOM_ARRAY = 1 << TU_JSON_ARRAY,
	TU_SBOM_OBJECT = 1 << TU_JSON_OBJECT,
	TU_SBOM_UNKEPT = 1 << 30 /* of any type: understood, and not kept (tu_sbom__unkept()) */
};

struct tu_sbom_member {
	struct tu_str name;
	unsigned types;
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
	size_t slot;
};

struct tu_sbom_shape {
	const char *unknown; /* the note on members that are not listed */
	const struct tu_sbom_member *members;
	size_t count;
	const char *unkept; /* what is lost when a member is of the type TU_SBOM_UNKEPT */
};

TU_NODISCARD enum tu_status tu_sbom__object(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, void *into);
/* Has the value one of the types? Notes it when not; null and absent are passed over. */
TU_NODISCARD enum tu_status tu_sbom__accept(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, unsigned types, bool *out_accepted);
/* Call `read` for each item of an array that has one of the types; note the others. */
TU_NODISCARD enum tu_status tu_sbom__each(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into);
/* The same for a list of the root, which may have been cut out of a large document: views into an
 * item are then valid only during its call. */
TU_NODISCARD enum tu_status tu_sbom__list(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into);
/* Its number of items. */
size_t tu_sbom__list_count(const struct tu_sbom_builder *b, const struct tu_sbom_at *at);
/* May the word stand in its text? False only when it does not. */
bool tu_sbom__list_mentions(
	const struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str word);
/* A member of the root: absent (NULL place filled), of the type, or TU_E_SYNTAX. */
TU_NODISCARD enum tu_status tu_sbom__section(struct tu_sbom_builder *b,
	const struct tu_sbom_at *root, struct tu_str key, enum tu_json_type type,
	struct tu_sbom_at *out_at);

/* Readers for tables: a text copied into a struct tu_str; a view of it, valid with the document. */
enum tu_status tu_sbom__text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
enum tu_status tu_sbom__view(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);

/* Room for `count` components at once; more may follow, at a cost. `at` is blamed when that is over
 * the limit. */
TU_NODISCARD enum tu_status tu_sbom__reserve(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, size_t count);
/* Begin a component: clear the lists. */
void tu_sbom__draft(struct tu_sbom_builder *b, struct tu_sbom_draft *draft);
TU_NODISCARD enum tu_status tu_sbom__add_cpe(struct tu_sbom_builder *b, struct tu_str cpe);
/* Note what is not valid in the purl and the CPE names of a component at its place. */
TU_NODISCARD enum tu_status tu_sbom__check_identifiers(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, const struct tu_component *component);
/* The draft's purl is the first one, unless only another one is valid, or can be read at all; what
 * is not used is noted, a further one with `what`. */
TU_NODISCARD enum tu_status tu_sbom__take_purl(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, struct tu_sbom_draft *draft, struct tu_str purl,
	const char *what);
/* A licence of the draft, of which only its words are known. */
TU_NODISCARD enum tu_status tu_sbom__add_licence(struct tu_sbom_builder *b, struct tu_str licence);
/* The same with what is known of it; its texts are copied. Twice the same licence is one. */
TU_NODISCARD enum tu_status tu_sbom__take_licence(
	struct tu_sbom_builder *b, struct tu_sbom_lists *lists, const struct tu_licence *licence);
TU_NODISCARD enum tu_status tu_sbom__add_hash(
	struct tu_sbom_builder *b, struct tu_str algorithm, struct tu_str value);
/* The same by an algorithm that is known, whose name outlives the inventory, with digits that fit
 * it: a document may have more of them than of all else. */
TU_NODISCARD enum tu_status tu_sbom__add_digest(
	struct tu_sbom_builder *b, struct tu_str algorithm, struct tu_str digits);
/* The same for a hash as a document has it: the algorithm in CycloneDX's or SPDX's spelling becomes
 * CycloneDX's; a value that cannot be one of this algorithm is noted and left out. */
TU_NODISCARD enum tu_status tu_sbom__hash(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str algorithm, struct tu_str value);
TU_NODISCARD enum tu_status tu_sbom__add_resolved(
	struct tu_sbom_builder *b, struct tu_str id, struct tu_str source, struct tu_str detail);
/* Every vulnerability id in a text of ids between other characters. */
TU_NODISCARD enum tu_status tu_sbom__add_resolved_list(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str source);
/* End it: apply its properties, put its lists into the arena, append it. A component by which
 * nothing can be found is left out with a note; *out_index is then TU_NO_COMPONENT. */
TU_NODISCARD enum tu_status tu_sbom__add(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, uint32_t *out_index);

/* A property, read by a shape whose slots are those of a tu_property. */
TU_NODISCARD enum tu_status tu_sbom__property(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, const struct tu_sbom_shape *shape,
	struct tu_sbom_lists *lists);
/* What the properties of a component mean: a table in properties.c. */
TU_NODISCARD enum tu_status tu_sbom__apply_properties(
	struct tu_sbom_builder *b, struct tu_sbom_draft *draft);
/* Is this the id of a vulnerability in one of the known forms ("CVE-…", "GHSA-…")? */
bool tu_sbom__is_vulnerability_id(struct tu_str text);

/* A reader for tables: SPDX's sourceInfo, where OpenEmbedded lists what a recipe's patches fix. */
enum tu_status tu_sbom__source_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);

/* A reference that exists without being a component; before tu_sbom__index(). */
TU_NODISCARD enum tu_status tu_sbom__other_ref(struct tu_sbom_builder *b, struct tu_str ref);
/* Make references findable; of two components with one reference the first keeps it. */
TU_NODISCARD enum tu_status tu_sbom__index(struct tu_sbom_builder *b);
enum tu_sbom_found tu_sbom__find(
	const struct tu_sbom_builder *b, struct tu_str ref, uint32_t *out_index);
TU_NODISCARD enum tu_status tu_sbom__relate(
	struct tu_sbom_builder *b, uint32_t from, enum tu_relation relation, uint32_t to);
/* The same with what the document calls it. */
TU_NODISCARD enum tu_status tu_sbom__relate_as(
	struct tu_sbom_builder *b, const struct tu_relationship *relationship);

/* "syft 1.2.3" */
TU_NODISCARD enum tu_status tu_sbom__add_tool(
	struct tu_sbom_builder *b, struct tu_str name, struct tu_str version);
/* One who made the document; nothing where neither name nor contact is known. */
TU_NODISCARD enum tu_status tu_sbom__add_author(
	struct tu_sbom_builder *b, const struct tu_sbom_made *author);
/* The same in full; its lists are in the arena. */
TU_NODISCARD enum tu_status tu_sbom__take_author(
	struct tu_sbom_builder *b, const struct tu_party *author);
/* A party of one contact: an e-mail address, or a URL. */
TU_NODISCARD enum tu_status tu_sbom__party_of(struct tu_sbom_builder *b,
	const struct tu_sbom_made *made, enum tu_role role, struct tu_party *out_party);
/* An exact copy of a list in the arena; nothing for an empty one. */
TU_NODISCARD enum tu_status tu_sbom__seal(struct tu_sbom_builder *b, const void *items,
	size_t count, size_t size, const void **out_items, size_t *out_count);
/* Close a statement: it is about the references that were gathered in `about`. */
TU_NODISCARD enum tu_status tu_sbom__add_claim(
	struct tu_sbom_builder *b, const struct tu_vex_claim *claim);

/* The readers. `root` is the document or its wrapped part. */
TU_NODISCARD enum tu_status tu_sbom__read_cyclonedx(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);
TU_NODISCARD enum tu_status tu_sbom__read_spdx(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);
TU_NODISCARD enum tu_status tu_sbom__read_spdx3(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);
TU_NODISCARD enum tu_status tu_sbom__read_cve_check(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);
TU_NODISCARD enum tu_status tu_sbom__read_pkg_stats(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);
/* Is every member an object with the members that Buildroot writes for a package? */
bool tu_sbom__is_show_info(struct tu_json root);
TU_NODISCARD enum tu_status tu_sbom__read_show_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root);

#endif
