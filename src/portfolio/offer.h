/*
 * What others may have of releases, as whoever asks may know of it: publications (publication.h)
 * and published statements (statement.h) in one view.
 *
 * What is above the level of who asks does not exist in it: neither as a device, a release or an
 * artifact nor as a version of a collection. A release is there while something of its own is
 * offered: a publication, or a published statement that names it. A statement about every release
 * of a device is offered with each of those that are there.
 *
 * A statement's TLP is its level: WHITE is public, GREEN is for customers, AMBER and RED stay
 * inside, but for the customers whom the revision names (portfolio/provider.h has the same rule).
 *
 * A collection is what is offered of a release at one time. Each change is a version, numbered from
 * 1 as who asks could see it: numbers of another level say nothing. Contents of a version are what
 * was offered then and has not been taken back since: a revision that another one took the place
 * of stays, one that was withdrawn or is no longer for who asks is left out of all versions.
 *
 * Everything is in the work's arena.
 */
#ifndef TU_PORTFOLIO_OFFER_H
#define TU_PORTFOLIO_OFFER_H

#include "portfolio/publication.h"

/* Who asks. */
struct tu_offer_asker {
	const struct tu_list_scope *scope; /* NULL: anybody */
	bool reads; /* may read devices, not only what is for customers */
	int64_t customer; /* the person, where they are a customer; 0: none */
};

struct tu_offer_format {
	struct tu_str format; /* of a statement: "openvex", …; else empty */
	struct tu_str media;
	int64_t document_id, bytes;
	uint8_t digest[TU_SHA256_BYTES];
};

/* A revision of an artifact, from one time to another. */
struct tu_offer_item {
	struct tu_str artifact; /* public id */
	struct tu_str type; /* "release": that it is there, no artifact; "bom", "vulnerabilities",
			       or as publication.h has it of files */
	struct tu_str path; /* of a file; else empty */
	int64_t revision; /* from 1 */
	int64_t since, until; /* us; until 0: it goes on */
	bool replaced; /* it ended, for the next revision took its place */
	bool gone; /* it, or what took its place, is not to be had any more */
	const struct tu_offer_format *formats;
	size_t format_count;
};

enum tu_offer_reason { TU_OFFER_INITIAL, TU_OFFER_ADDED, TU_OFFER_UPDATED, TU_OFFER_REMOVED };

struct tu_offer_version {
	int64_t at; /* us */
	enum tu_offer_reason reason;
	const struct tu_offer_item *item; /* that changed; it may be gone by now */
};

struct tu_offer_release {
	struct tu_release_row row;
	const struct tu_offer_item *items; /* by artifact, then time */
	size_t item_count;
	const struct tu_offer_version *versions; /* at least one; number 1 first */
	size_t version_count;
};

struct tu_offer_device {
	struct tu_device_row row;
	const struct tu_offer_release
		*releases; /* at least one; in the order in which they were made */
	size_t release_count;
};
struct tu_offers {
	const struct tu_offer_device *at; /* by name */
	size_t count;
};

/* `device_id` 0: all devices. Those of which nothing is offered to who asks are not there. */
TU_NODISCARD enum tu_status tu_offer_list(struct tu_work *w, const struct tu_offer_asker *asker,
	int64_t device_id, struct tu_offers *out, struct tu_error *err);

/* The device that a public id of a device, a release or an artifact is of, whoever may see it; 0:
 * none. */
TU_NODISCARD enum tu_status tu_offer_device_of(
	struct tu_work *w, struct tu_str public_id, int64_t *out_device, struct tu_error *err);

/* Was an item part of a version, and is it to be had? */
bool tu_offer_has(const struct tu_offer_version *version, const struct tu_offer_item *item);

/* A revision of an artifact of any of the releases: the newest that is to be had, for
 * `revision` 0. NULL: who asks has none. */
struct tu_offer_found {
	const struct tu_offer_device *device;
	const struct tu_offer_release *release;
	const struct tu_offer_item *item;
};
struct tu_offer_found tu_offer_find(
	const struct tu_offers *offers, struct tu_str artifact, int64_t revision);

/* The device identifiers of all variants, as printed. */
struct tu_offer_udi {
	int64_t device_id;
	struct tu_str variant, udi;
};
struct tu_offer_udis {
	TU_VEC(struct tu_offer_udi) list;
};
TU_NODISCARD enum tu_status tu_offer_udi_list(
	struct tu_work *w, struct tu_offer_udis *out, struct tu_error *err);

/* ---- of offer.c ---- */

/* A row that is offered at a level from one time to another, before it is known who asks. */
struct tu_offer_row {
	struct tu_offer_item item;
	enum tu_publication_level level;
	bool own; /* of the release itself: by it, the release is there */
};
struct tu_offer_rows {
	TU_VEC(struct tu_offer_row) list; /* by artifact, then time */
};
/* Items and versions of a release for a level. False: no memory; without a version there is
 * nothing. */
bool tu_offer__build(struct tu_arena *arena, const struct tu_offer_rows *rows,
	enum tu_publication_level level, struct tu_offer_release *release);

#endif
