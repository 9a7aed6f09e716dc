/*
 * The door for clients of the Transparency Exchange API, version 0.4.0: what its files share.
 *
 *   product                a device                      its public id as a UUID
 *   product release        a release                     likewise
 *   component (release)    the software of a device      the id with some bits the other way round:
 *                          (of a release): the API's     one number is not the name of two things
 *                          collections hang on both
 *   collection, artifact   portfolio/offer.h
 *
 * Every read runs in one transaction, in which its answer is written too. What who asks may not
 * know of is 404 with OBJECT_UNKNOWN, as what does not exist.
 */
#ifndef TU_CONNECT_TEA_TEA_H
#define TU_CONNECT_TEA_TEA_H

#include "api/call.h"
#include "connect/tea/operations.h"
#include "ident/tei.h"
#include "portfolio/offer.h"

#define TU_TEA_VERSION "0.4.0"
#define TU_TEA_ROOT "/tea"
#define TU_TEA_BASE TU_TEA_ROOT "/v" TU_TEA_VERSION

struct tu_tea {
	struct tu_api_call *call;
	struct tu_work *w;
	struct tu_json_writer *json; /* of the answer */
	struct tu_offer_asker asker;
	struct tu_offers offers; /* of what was asked for, or all */
	struct tu_offer_udis udis; /* of all variants */
	struct tu_str site; /* "https://tutela.example:8443" */
	struct tu_str host; /* of it, without the port */
};

/* A read: it writes its answer. */
typedef enum tu_status tu_tea_read(struct tu_tea *tea, struct tu_error *err);
TU_NODISCARD enum tu_status tu_tea_answer(
	struct tu_api_call *call, tu_tea_read *read, struct tu_error *err);

/* An operation that answers with what an expression, of `tea` and `err`, writes. */
#define TU_TEA_OPERATION(name, ...) \
	static enum tu_status read_##name(struct tu_tea *tea, struct tu_error *err) \
	{ \
		return __VA_ARGS__; \
	} \
	enum tu_status tu_tea_##name(struct tu_api_call *call, struct tu_error *err) \
	{ \
		return tu_tea_answer(call, read_##name, err); \
	}

/* What is asked for by the first value of the path, loaded into tea->offers. */
enum tu_tea_kind { TU_TEA_PRODUCT, TU_TEA_COMPONENT };
struct tu_tea_thing {
	const struct tu_offer_device *device;
	const struct tu_offer_release *release; /* NULL: the device is asked for */
};
TU_NODISCARD enum tu_status tu_tea_find_device(
	struct tu_tea *tea, enum tu_tea_kind kind, struct tu_tea_thing *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_tea_find_release(
	struct tu_tea *tea, enum tu_tea_kind kind, struct tu_tea_thing *out, struct tu_error *err);
/* An artifact's public id by the first value, and what is offered of its device. */
TU_NODISCARD enum tu_status tu_tea_find_artifact(
	struct tu_tea *tea, char out_id[TU_UUID_DIGITS + 1], struct tu_error *err);
/* A number of a version by a value of the path. */
TU_NODISCARD enum tu_status tu_tea_number(
	struct tu_tea *tea, size_t value, int64_t *out, struct tu_error *err);
/* All that is offered. */
TU_NODISCARD enum tu_status tu_tea_load_all(struct tu_tea *tea, struct tu_error *err);
enum tu_status tu_tea_unknown(struct tu_error *err);
enum tu_status tu_tea_malformed(struct tu_tea *tea, struct tu_error *err, const char *message);

/* ---- a device as what identifies it: identify.c ---- */

struct tu_tea_model {
	const struct tu_offer_device *device;
	const struct tu_device *model;
	struct tu_str domain; /* of the identifiers that we write */
	struct tu_str maker; /* the host of the maker's namespace; empty: none */
};
TU_NODISCARD enum tu_status tu_tea_model(struct tu_tea *tea, const struct tu_offer_device *device,
	struct tu_tea_model *out, struct tu_error *err);
/* Does an identifier lead to a release? Its domain is this site's, or the maker's. */
bool tu_tea_leads_to(const struct tu_tea *tea, const struct tu_tei *tei,
	const struct tu_tea_model *of, const struct tu_offer_release *release);
/* May it lead to the device at all? Without reading its model. */
bool tu_tea_may_lead(
	const struct tu_tea *tea, const struct tu_tei *tei, const struct tu_offer_device *device);

/* The identifiers of a thing: `write` is called for each. */
struct tu_tea_identifier {
	const char *type; /* "TEI" */
	struct tu_str value;
};
struct tu_tea_identifiers {
	TU_VEC(struct tu_tea_identifier) list;
};
/* Of a device's (release NULL) or a release's; `kind` PRODUCT has TEIs too. */
TU_NODISCARD enum tu_status tu_tea_identifiers(struct tu_tea *tea, enum tu_tea_kind kind,
	const struct tu_tea_model *of, const struct tu_offer_release *release,
	struct tu_tea_identifiers *out);
void tu_tea_write_identifiers(struct tu_tea *tea, const struct tu_tea_identifiers *of);

/* ---- writing ---- */

/* A text of the transaction; empty without memory. */
struct tu_str tu_tea_text(struct tu_tea *tea, const char *format, ...) TU_PRINTF(2, 3);
void tu_tea_member_uuid(
	struct tu_tea *tea, const char *key, enum tu_tea_kind kind, struct tu_str public_id);
void tu_tea_member_time(struct tu_tea *tea, const char *key, int64_t us);
/* The latest version, or that of a number (0: the latest). TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_tea_write_collection(struct tu_tea *tea, enum tu_tea_kind kind,
	const struct tu_tea_thing *thing, int64_t number, struct tu_error *err);
void tu_tea_write_artifact(
	struct tu_tea *tea, const struct tu_tea_thing *thing, const struct tu_offer_item *item);

/* ---- lists: page.c ---- */

/* One of a list: a release, or where it is NULL a device. */
struct tu_tea_row {
	const struct tu_tea_model *model;
	const struct tu_offer_release *release;
};
typedef enum tu_status tu_tea_write_row(
	struct tu_tea *tea, const struct tu_tea_row *row, struct tu_error *err);
struct tu_tea_list {
	enum tu_tea_kind kind;
	bool releases; /* of releases; else of devices */
	tu_tea_write_row *write;
};
/* A page of all that the query's identifier names; without one, of all. */
TU_NODISCARD enum tu_status tu_tea_page(
	struct tu_tea *tea, const struct tu_tea_list *list, struct tu_error *err);

#endif
