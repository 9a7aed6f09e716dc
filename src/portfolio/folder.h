/*
 * A device folder as files for push and pull: which there are, and what they were when folder and
 * store last agreed on them.
 *
 * DEVICE_DIR/.tutela-push.json has the digest of each file as it was last pushed or pulled. By it
 * one sees who changed a file since: nobody, the folder, the store, or both.
 */
#ifndef TU_PORTFOLIO_FOLDER_H
#define TU_PORTFOLIO_FOLDER_H

#include "app/device_folder.h"
#include "portfolio/work.h"

enum tu_item_kind { TU_ITEM_DEVICE, TU_ITEM_SBOM, TU_ITEM_FILE, TU_ITEM_DECISION };

struct tu_item {
	enum tu_item_kind kind;
	struct tu_str path; /* from the folder: "decisions/curl-socks.yaml" */
	struct tu_str text; /* its bytes as they are */
	uint8_t digest[TU_SHA256_BYTES];
	bool had; /* `agreed` is known */
	uint8_t agreed[TU_SHA256_BYTES];
};

struct tu_items {
	TU_VEC(struct tu_item) list;
};

/* The name of a decision's file without its folder. */
struct tu_str tu_item_name(const struct tu_item *item);
struct tu_item *tu_items_find(const struct tu_items *items, struct tu_str path);
/* Append an item; its digest is made. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_items_add(struct tu_arena *arena, struct tu_items *items,
	const struct tu_item *item, struct tu_error *err);

/* Read device.yaml, the SBOMs and side files that it names, and the decisions of an open folder, in
 * its arena, with what they were. TU_E_USAGE for a file outside of the folder, TU_E_NOTFOUND and
 * others of reading; messages name the file. */
TU_NODISCARD enum tu_status tu_items_read(
	const struct tu_device_folder *folder, struct tu_items *out_items, struct tu_error *err);

/* What folder and store agreed on: into the items (`had`, `agreed`). TU_E_CORRUPT. */
TU_NODISCARD enum tu_status tu_items_read_agreed(
	struct tu_arena *arena, const char *folder, struct tu_items *items, struct tu_error *err);
/* They agree on the items as they are. */
TU_NODISCARD enum tu_status tu_items_write_agreed(struct tu_arena *arena, const char *folder,
	const struct tu_items *items, struct tu_error *err);

/* "line 12: here "a", in the store "b"": where two texts differ first, for people. */
void tu_items_difference(struct tu_str here, struct tu_str there, struct tu_buf *out);

#endif
