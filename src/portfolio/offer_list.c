/* What is offered, read from the store. */
#include "portfolio/offer.h"
#include "portfolio/scope.h"
#include "portfolio/statement.h"

/* ---- statements ---- */

/* A revision of a statement, while its rows are read: one for each document. */
struct said {
	int64_t statement, device_id, n, published, withdrawn;
	struct tu_str artifact, release;
	enum tu_publication_level level;
	int64_t revision;
	TU_VEC(struct tu_offer_format) formats;
};
struct sayings {
	TU_VEC(struct said) list; /* by statement, then revision */
};

static const char *const medias[TU_ISSUE_FORMATS] = {[TU_ISSUE_OPENVEX] = "application/json",
	[TU_ISSUE_CYCLONEDX] = "application/vnd.cyclonedx+json",
	[TU_ISSUE_CSAF_VEX] = "application/csaf+json",
	[TU_ISSUE_CSAF_ADVISORY] = "application/csaf+json",
	[TU_ISSUE_NOTICE_HTML] = "text/html",
	[TU_ISSUE_NOTICE_TEXT] = "text/plain"};

static enum tu_publication_level level_of(struct tu_str tlp)
{
	if (tu_str_eq(tlp, TU_STR("WHITE")))
		return TU_LEVEL_PUBLIC;
	return tu_str_eq(tlp, TU_STR("GREEN")) ? TU_LEVEL_CUSTOMER : TU_LEVEL_INTERNAL;
}

/* Numbers of those that were published: drafts are nobody's business. */
static bool begin_revision(struct tu_work *w, const struct tu_rows *rows, struct sayings *out)
{
	const struct said *last = out->list.count ? &out->list.at[out->list.count - 1] : NULL;
	struct said said = {.statement = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 2),
		.level = level_of(tu_rows_text(rows, 4)),
		.n = tu_rows_int(rows, 5),
		.published = tu_rows_int(rows, 6),
		.withdrawn = tu_rows_int(rows, 7),
		.revision = 1};

	if (tu_rows_int(rows, 12)) /* who asks is named in it */
		said.level = TU_LEVEL_PUBLIC;

	if (last && last->statement == said.statement && last->n == said.n)
		return true;
	if (last && last->statement == said.statement)
		said.revision = last->revision + 1;
	return tu_arena_dup(w->arena, tu_rows_text(rows, 1), &said.artifact) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &said.release) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, said);
}

static bool take_document(struct tu_work *w, const struct tu_rows *rows, struct sayings *out)
{
	struct tu_str digest = tu_rows_text(rows, 10);
	struct tu_offer_format format = {
		.document_id = tu_rows_int(rows, 9), .bytes = tu_rows_int(rows, 11)};
	enum tu_issue_format issued;

	if (!begin_revision(w, rows, out))
		return false;
	if (!tu_issue_format_by_name(tu_rows_text(rows, 8), &issued))
		return true;
	format.format = tu_str_c(tu_issue_format_name(issued));
	format.media = tu_str_c(medias[issued]);
	if (digest.len == sizeof(format.digest))
		memcpy(format.digest, digest.ptr, sizeof(format.digest));
	return TU_VEC_PUSH_IN(w->arena, &out->list.at[out->list.count - 1].formats, format);
}

static enum tu_status read_statements(struct tu_work *w, int64_t device_id, int64_t customer,
	struct sayings *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_OFFER_STATEMENTS,
		TU_BIND(tu_int(device_id), tu_int(customer)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_document(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* Until it was withdrawn or the next one was published, whatever was first. */
static int64_t end_of(const struct sayings *sayings, size_t i)
{
	const struct said *said = &sayings->list.at[i];
	int64_t end = said->withdrawn;

	if (i + 1 < sayings->list.count && said[1].statement == said->statement &&
		(!end || said[1].published < end))
		end = said[1].published;
	return end;
}

static bool add_statements(struct tu_arena *arena, const struct sayings *sayings,
	const struct tu_release_row *release, struct tu_offer_rows *out)
{
	for (size_t i = 0; i < sayings->list.count; i++) {
		const struct said *said = &sayings->list.at[i];
		const struct tu_offer_row row = {.item = {.artifact = said->artifact,
							 .type = TU_STR("vulnerabilities"),
							 .revision = said->revision,
							 .since = said->published,
							 .until = end_of(sayings, i),
							 .formats = said->formats.at,
							 .format_count = said->formats.count},
			.level = said->level,
			.own = said->release.len != 0};

		if (said->device_id != release->device_id ||
			(row.own && !tu_str_eq(said->release, release->version)))
			continue;
		if (!TU_VEC_PUSH_IN(arena, &out->list, row))
			return false;
	}
	return true;
}

/* ---- publications ---- */

static bool add_publication(
	struct tu_arena *arena, const struct tu_publication *from, struct tu_offer_rows *out)
{
	struct tu_offer_row row = {.item = {.artifact = from->artifact,
					   .type = from->type,
					   .path = from->path,
					   .revision = from->revision,
					   .since = from->since,
					   .until = from->until},
		.level = from->level,
		.own = true};
	struct tu_offer_format *format;

	if (from->document_id) {
		format = tu_arena_alloc(arena, sizeof(*format));
		if (!format)
			return false;
		*format = (struct tu_offer_format){.media = from->media,
			.document_id = from->document_id,
			.bytes = from->bytes};
		memcpy(format->digest, from->digest, sizeof(format->digest));
		row.item.formats = format;
		row.item.format_count = 1;
	}
	return TU_VEC_PUSH_IN(arena, &out->list, row);
}

/* All rows of an artifact after each other, in the order of the first of each. */
static bool add_publications(struct tu_arena *arena, const struct tu_publications *all,
	int64_t release_id, struct tu_offer_rows *out)
{
	for (size_t i = 0; i < all->list.count; i++) {
		const struct tu_publication *first = &all->list.at[i];
		bool is_first = first->release_id == release_id;

		for (size_t k = 0; k < i && is_first; k++)
			is_first = !tu_str_eq(all->list.at[k].artifact, first->artifact);
		for (size_t k = i; is_first && k < all->list.count; k++)
			if (tu_str_eq(all->list.at[k].artifact, first->artifact) &&
				!add_publication(arena, &all->list.at[k], out))
				return false;
	}
	return true;
}

/* ---- devices ---- */

struct reading {
	struct tu_work *w;
	const struct tu_offer_asker *asker;
	struct tu_publications publications;
	struct sayings sayings;
	TU_VEC(struct tu_offer_device) devices;
};

static enum tu_publication_level level_for(const struct tu_offer_asker *asker, int64_t device_id)
{
	if (!asker->scope || !tu_scope_has(asker->scope, device_id))
		return TU_LEVEL_PUBLIC;
	return asker->reads ? TU_LEVEL_INTERNAL : TU_LEVEL_CUSTOMER;
}

/* Is anything of it offered to anybody? Most devices of a maker are not asked for. */
static bool is_offered(const struct reading *r, int64_t device_id)
{
	for (size_t i = 0; i < r->publications.list.count; i++)
		if (r->publications.list.at[i].device_id == device_id)
			return true;
	for (size_t i = 0; i < r->sayings.list.count; i++)
		if (r->sayings.list.at[i].device_id == device_id)
			return true;
	return false;
}

static bool read_release(
	struct reading *r, const struct tu_release_row *row, struct tu_offer_release *out)
{
	struct tu_offer_rows rows = {0};

	*out = (struct tu_offer_release){.row = *row};
	return add_publications(r->w->arena, &r->publications, row->id, &rows) &&
		add_statements(r->w->arena, &r->sayings, row, &rows) &&
		tu_offer__build(r->w->arena, &rows, level_for(r->asker, row->device_id), out);
}

static enum tu_status read_device(
	struct reading *r, const struct tu_device_row *row, struct tu_error *err)
{
	struct tu_offer_device device = {.row = *row};
	struct tu_release_rows rows = {0};
	TU_VEC(struct tu_offer_release) releases = {0};
	enum tu_status status = tu_release_list(r->w, row->id, &rows, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < rows.count; i++) {
		struct tu_offer_release release;

		if (!read_release(r, &rows.at[i], &release) ||
			(release.version_count && !TU_VEC_PUSH_IN(r->w->arena, &releases, release)))
			return tu_no_memory(err);
	}
	device.releases = releases.at;
	device.release_count = releases.count;
	return !releases.count || TU_VEC_PUSH_IN(r->w->arena, &r->devices, device)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_offer_list(struct tu_work *w, const struct tu_offer_asker *asker,
	int64_t device_id, struct tu_offers *out, struct tu_error *err)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct reading r = {.w = w, .asker = asker};
	struct tu_devices_seen devices = {0};
	enum tu_status status = tu_publication_list(w, device_id, &r.publications, err);

	if (status == TU_OK)
		status = read_statements(w, device_id, asker->customer, &r.sayings, err);
	if (status == TU_OK)
		status = tu_device_list(w, &everything, &devices, err);
	for (size_t i = 0; status == TU_OK && i < devices.count; i++)
		if (is_offered(&r, devices.at[i].device.id))
			status = read_device(&r, &devices.at[i].device, err);
	*out = (struct tu_offers){r.devices.at, r.devices.count};
	return status;
}

enum tu_status tu_offer_device_of(
	struct tu_work *w, struct tu_str public_id, int64_t *out_device, struct tu_error *err)
{
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_OFFER_DEVICE, TU_BIND(tu_text(public_id)), out_device, err);

	if (status != TU_E_NOTFOUND)
		return status;
	*out_device = 0;
	return TU_OK;
}

enum tu_status tu_offer_udi_list(struct tu_work *w, struct tu_offer_udis *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_OFFER_UDIS, TU_NO_BIND, &rows, err);

	*out = (struct tu_offer_udis){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_offer_udi udi = {.device_id = tu_rows_int(rows, 0)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 1), &udi.variant) &&
			tu_arena_dup(w->arena, tu_rows_text(rows, 2), &udi.udi) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, udi);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}
