/*
 * A device folder as files for push and pull: which there are, and what they were when folder and
 * store last agreed on them.
 *
 * DEVICE_DIR/.tutela-push.json has the digest of each file as it was last pushed or pulled, which
 * device of which store that was, and which record about the device was the newest then. By it one
 * sees who changed a file since: nobody, the folder, the store, or both. It says nothing of another
 * store, nor of one whose ledger does not have that record (it was restored from a backup before
 * it). The record is known by a digest of its hash: its number would count what others do.
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

struct tu_agreement {
	bool known; /* the file is there and says the following */
	struct tu_str instance, device;
	/* Of the newest record about the device at or after the push or pull: the SHA-256 of its
	 * hash, which covers all before it. */
	uint8_t mark[TU_SHA256_BYTES];
};

struct tu_items {
	TU_VEC(struct tu_item) list;
	struct tu_agreement agreement;
};

/* The name of a decision's file without its folder. */
struct tu_str tu_item_name(const struct tu_item *item);
struct tu_item *tu_items_find(const struct tu_items *items, struct tu_str path);
/* Append an item; its digest is made. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_items_add(struct tu_arena *arena, struct tu_items *items,
	const struct tu_item *item, struct tu_error *err);

/* Read device.yaml, the SBOMs and side files that it names, the decisions and the design of an open
 * folder, in its arena, with what they were. TU_E_USAGE for a file outside of the folder,
 * TU_E_NOTFOUND and others of reading; messages name the file. */
TU_NODISCARD enum tu_status tu_items_read(
	const struct tu_device_folder *folder, struct tu_items *out_items, struct tu_error *err);

/* What folder and store agreed on: into the items (`had`, `agreed`, `agreement`). TU_E_CORRUPT. */
TU_NODISCARD enum tu_status tu_items_read_agreed(
	struct tu_arena *arena, const char *folder, struct tu_items *items, struct tu_error *err);

/* What an agreement is worth in a store. */
enum tu_past {
	TU_PAST_NONE, /* there is none, or it is about another store */
	TU_PAST_OTHER_DEVICE, /* it is about another device of this store */
	TU_PAST_HOLDS, /* what differs in the store was changed after it */
	TU_PAST_LOST /* it is this store, but the ledger does not have the record */
};
TU_NODISCARD enum tu_status tu_agreement_judge(struct tu_work *w,
	const struct tu_agreement *agreement, struct tu_str device, enum tu_past *out_past,
	struct tu_error *err);

/* Could tu_items_agree() write its file? For before the transaction. TU_E_IO says why not. */
TU_NODISCARD enum tu_status tu_items_can_agree(
	struct tu_arena *arena, const char *folder, struct tu_error *err);

struct tu_agree {
	struct tu_arena *arena; /* of the items */
	const char *folder;
	struct tu_str device;
	struct tu_items *items;
};

/* Folder and store agree on the items as they are; after the transaction, so that its records are
 * in the ledger. */
TU_NODISCARD enum tu_status tu_items_agree(struct tu_store *store, const struct tu_act *act,
	const struct tu_agree *agree, struct tu_error *err);

/* "line 12: here "a", in the store "b"": where two texts differ first, for people. */
void tu_items_difference(struct tu_str here, struct tu_str there, struct tu_buf *out);

#endif
