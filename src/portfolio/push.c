#include "portfolio/push_inside.h"

#include "portfolio/actor.h"
#include "portfolio/file.h"
#include "portfolio/ingest.h"
#include "portfolio/scope.h"

enum { LINE_MAX_BYTES = 1024 };

/* What is to be done with an item. */
enum fate { LEAVE, PUT, PUT_AFTER_OWN /* over what the same key put, unless the folder is old */ };

struct pushing {
	struct tu_work *w;
	struct tu_push *push;
	const struct tu_device_folder *folder;
	struct tu_items *items;
	enum fate *fates; /* by item */
	struct tu_device_row device; /* id 0: it is new */
	struct tu_assessment_rows assessments;
	struct tu_device_files files;
	struct tu_release_rows releases;
	enum tu_past past;
	bool changed; /* what all releases are settled by */
};

/* ---- what the store has ---- */

static const struct tu_release_row *release_with(const struct pushing *p, struct tu_str sbom_path)
{
	const struct tu_device *model = p->folder->device;

	for (size_t i = 0; i < model->release_count; i++) {
		if (!tu_str_eq(model->releases[i].sbom, sbom_path))
			continue;
		for (size_t k = 0; k < p->releases.count; k++)
			if (tu_str_eq(p->releases.at[k].version, model->releases[i].version))
				return &p->releases.at[k];
	}
	return NULL;
}

static int64_t file_at(const struct pushing *p, struct tu_str path)
{
	for (size_t i = 0; i < p->files.count; i++)
		if (tu_str_eq(p->files.at[i].path, path))
			return p->files.at[i].document_id;
	return 0;
}

/* The document that the store has in an item's place; 0: none. */
static int64_t theirs(const struct pushing *p, const struct tu_item *item)
{
	const struct tu_assessment_row *assessment;
	const struct tu_release_row *release;

	switch (item->kind) {
	case TU_ITEM_DEVICE:
		return p->device.document_id;
	case TU_ITEM_SBOM:
		release = release_with(p, item->path);
		return release ? release->sbom_id : 0;
	case TU_ITEM_FILE:
		return file_at(p, item->path);
	case TU_ITEM_DECISION:
		assessment = tu_assessment_named(&p->assessments, tu_item_name(item));
		return assessment ? assessment->document_id : 0;
	}
	return 0;
}

static enum tu_status tell_clash(
	struct pushing *p, const struct tu_item *item, int64_t document, struct tu_error *err)
{
	struct tu_str there;
	struct tu_buf text;
	enum tu_status status = tu_work_document(p->w, document, &there, err);
	bool ok;

	if (status != TU_OK)
		return status;
	tu_buf_init(&text, LINE_MAX_BYTES);
	tu_items_difference(item->text, there, &text);
	ok = tu_push__say(p->push, true, "%.*s: %s: %.*s", TU_STR_FMT(item->path),
		item->had && p->past == TU_PAST_HOLDS ? "changed here and in the store"
						      : "it is another one in the store",
		TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	return ok ? TU_OK : tu_no_memory(err);
}

static enum tu_status is_newer(
	struct pushing *p, const struct tu_item *item, enum fate *fate, struct tu_error *err)
{
	*fate = LEAVE;
	p->push->newer++;
	return tu_push__say(
		       p->push, false, "%.*s: newer in the store; pull it", TU_STR_FMT(item->path))
		? TU_OK
		: tu_no_memory(err);
}

/* ---- without .tutela-push.json ---- */

/* What the ledger calls an item that the store has. */
static void write_subject(const struct pushing *p, const struct tu_item *item, struct tu_buf *out)
{
	const struct tu_release_row *release;

	switch (item->kind) {
	case TU_ITEM_DEVICE:
		tu_buf_printf(out, "device:%.*s", TU_STR_FMT(p->device.name));
		break;
	case TU_ITEM_SBOM:
		release = release_with(p, item->path);
		tu_buf_printf(
			out, "release:%.*s", TU_STR_FMT(release ? release->public_id : TU_STR("")));
		break;
	case TU_ITEM_FILE:
		tu_buf_printf(out, "device:%.*s/%.*s", TU_STR_FMT(p->device.name),
			TU_STR_FMT(item->path));
		break;
	case TU_ITEM_DECISION:
		tu_buf_printf(out, "decision:%.*s/%.*s", TU_STR_FMT(p->device.name),
			TU_STR_FMT(tu_item_name(item)));
		break;
	}
}

/* A clone of a repository has no such file. What the store had before was not changed here. What it
 * never had follows on the store's text where this key wrote that itself. */
static enum tu_status judge_clone(struct pushing *p, const struct tu_item *item,
	const uint8_t there[TU_SHA256_BYTES], enum fate *fate, struct tu_error *err)
{
	const uint8_t *const digests[2] = {item->digest, there};
	struct tu_push_history history = {0};
	struct tu_buf subject;
	enum tu_status status;

	tu_buf_init(&subject, 4096);
	write_subject(p, item, &subject);
	status = subject.failed
		? tu_no_memory(err)
		: tu_push__history(p->w, tu_buf_str(&subject), digests, &history, err);
	tu_buf_done(&subject);
	if (status == TU_OK && history.was_there)
		return is_newer(p, item, fate, err);
	*fate = PUT;
	if (status == TU_OK && tu_str_eq(history.writer, p->w->act->actor) &&
		!tu_str_eq(history.writer, TU_STR("local")))
		*fate = PUT_AFTER_OWN;
	else if (status == TU_OK)
		status = tell_clash(p, item, theirs(p, item), err);
	return status;
}

/* An old folder proves that not all of the store is known here. */
static enum tu_status settle_own(struct pushing *p, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < p->items->list.count && status == TU_OK; i++) {
		const struct tu_item *item = &p->items->list.at[i];

		if (p->fates[i] != PUT_AFTER_OWN)
			continue;
		p->fates[i] = PUT;
		if (p->push->newer)
			status = tell_clash(p, item, theirs(p, item), err);
		else if (!tu_push__say(p->push, false,
				 "%.*s: takes the place of what %.*s pushed before",
				 TU_STR_FMT(item->path), TU_STR_FMT(p->w->act->actor)))
			status = tu_no_memory(err);
	}
	return status;
}

/* By what both agreed on last, it is clear who changed it since. */
static enum tu_status judge(
	struct pushing *p, const struct tu_item *item, enum fate *fate, struct tu_error *err)
{
	uint8_t there[TU_SHA256_BYTES];
	int64_t document = theirs(p, item);
	bool had = item->had && p->past == TU_PAST_HOLDS;
	enum tu_status status;

	*fate = PUT;
	if (!document)
		return TU_OK;
	status = tu_document_digest(p->w->tx, document, there, err);
	if (status != TU_OK)
		return status;
	if (memcmp(there, item->digest, sizeof(there)) == 0) {
		*fate = LEAVE;
		return TU_OK;
	}
	if (had && memcmp(there, item->agreed, sizeof(there)) == 0)
		return TU_OK;
	if (p->push->renew && item->kind == TU_ITEM_DECISION) {
		bool own = false,
		     noted = tu_push__renew(p->w, item,
			     tu_assessment_named(&p->assessments, tu_item_name(item)), p->push,
			     &own);

		*fate = own ? PUT : LEAVE;
		return noted ? TU_OK : tu_no_memory(err);
	}
	if (p->past == TU_PAST_NONE && !p->items->agreement.known)
		return judge_clone(p, item, there, fate, err);
	if (!had || memcmp(item->digest, item->agreed, sizeof(there)) != 0)
		return tell_clash(p, item, document, err);
	return is_newer(p, item, fate, err);
}

/* A device that is not there is one that somebody else may have made and that is not seen. */
static bool is_seen(const struct pushing *p, enum tu_status found)
{
	const struct tu_list_scope *scope = p->push->scope;

	return !scope || (found == TU_OK ? tu_scope_has(scope, p->device.id) : scope->everything);
}

static enum tu_status look(struct pushing *p, struct tu_error *err)
{
	struct tu_work *w = p->w;
	enum tu_status status = tu_device_find(w, p->folder->device->id, &p->device, err);

	if ((status == TU_OK || status == TU_E_NOTFOUND) && !is_seen(p, status))
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"who does not see all devices can push those that they see alone");
	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (status == TU_OK)
		status = tu_assessment_list(w, p->device.id, &p->assessments, err);
	if (status == TU_OK)
		status = tu_device_file_list(w, p->device.id, &p->files, err);
	return status ? status : tu_release_list(w, p->device.id, &p->releases, err);
}

static enum tu_status refuse(const struct pushing *p, struct tu_error *err)
{
	static const char *const why[] = {
		[TU_PAST_NONE] = "differ from the store's, and this folder was not pushed to it or "
				 "pulled from it before",
		[TU_PAST_HOLDS] = "were changed here and in the store",
		[TU_PAST_OTHER_DEVICE] = "are another device's",
		[TU_PAST_LOST] = "differ from the store's, which was restored from a backup made "
				 "before this folder was last pushed or pulled",
	};

	return tu_fail(err, TU_E_USAGE, 0,
		"%zu of %zu files %s: nothing is pushed. Pull the device into another folder, put "
		"the two together there, and push that folder",
		p->push->said.clashes.count, p->items->list.count, why[p->past]);
}

/* A folder that was a device of this store does not become another one by a change of its name. */
static enum tu_status check_name(struct pushing *p, struct tu_error *err)
{
	const struct tu_str before = p->items->agreement.device, now = p->folder->device->id;

	if (p->past != TU_PAST_OTHER_DEVICE)
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"this folder is the device %.*s of the store, and device.yaml makes it %.*s now: "
		"nothing is pushed. A device keeps its name: state \"id: %.*s\". For a second "
		"device, push a copy of the folder without .tutela-push.json, and say that it is "
		"new (push --new-device, new_device of /v1/push)",
		TU_STR_FMT(before), TU_STR_FMT(now), TU_STR_FMT(before));
}

static enum tu_status judge_all(struct pushing *p, struct tu_error *err)
{
	enum tu_status status = look(p, err);

	if (status == TU_OK)
		status = tu_agreement_judge(
			p->w, &p->items->agreement, p->folder->device->id, &p->past, err);
	if (status == TU_OK)
		status = check_name(p, err);
	if (status == TU_OK && !p->device.id)
		status = tu_push__check_same(p->w, p->folder->device, p->items, p->push, err);
	if (status != TU_OK)
		return status;
	p->fates = tu_arena_array(p->w->arena, p->items->list.count, sizeof(*p->fates));
	if (!p->fates)
		return tu_no_memory(err);
	for (size_t i = 0; i < p->items->list.count && status == TU_OK; i++)
		status = judge(p, &p->items->list.at[i], &p->fates[i], err);
	if (status == TU_OK)
		status = settle_own(p, err);
	for (size_t i = 0; i < p->assessments.count && status == TU_OK; i++) {
		const struct tu_assessment_row *row = &p->assessments.at[i];
		bool here = false;

		for (size_t k = 0; k < p->items->list.count && !here; k++)
			here = p->items->list.at[k].kind == TU_ITEM_DECISION &&
				tu_str_eq(tu_item_name(&p->items->list.at[k]), row->name);
		if (!here &&
			!tu_push__say(p->push, false,
				"decisions/%.*s: it is in the store and stays there",
				TU_STR_FMT(row->name)))
			return tu_no_memory(err);
	}
	return status == TU_OK && p->push->said.clashes.count ? refuse(p, err) : status;
}

/* ---- putting ---- */

static enum tu_status put_device(
	struct pushing *p, const struct tu_item *item, bool put, struct tu_error *err)
{
	struct tu_str warning = {0};
	const struct tu_device_put device = {.text = item->text,
		.file = item->path,
		.based_on = p->device.version,
		.kb = p->push->kb,
		.guarded = p->push->scope != NULL,
		.out_warning = &warning};
	enum tu_status status;

	if (!put)
		return TU_OK;
	p->push->device_new = p->device.id == 0;
	p->push->device_changed = p->changed = true;
	status = tu_device_put(p->w, &device, &p->device, NULL, err);
	if (status == TU_OK && warning.len &&
		!tu_push__say(
			p->push, false, "%.*s: %.*s", TU_STR_FMT(item->path), TU_STR_FMT(warning)))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status put_files(struct pushing *p, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < p->items->list.count && status == TU_OK; i++) {
		const struct tu_item *item = &p->items->list.at[i];
		const struct tu_device_file_put put = {
			.path = item->path, .text = item->text, .design = true};

		if (item->kind != TU_ITEM_FILE || p->fates[i] != PUT)
			continue;
		p->push->files++;
		p->changed = true;
		status = tu_device_file_put(p->w, &p->device, &put, NULL, err);
		if (status == TU_OK)
			status = tu_push__note_proposed(p->w, p->device.id, item, p->push, err);
	}
	return status;
}

static enum tu_status leave_rejected(struct pushing *p, const struct tu_assessment_text *text,
	bool *out_left, struct tu_error *err)
{
	enum tu_status status = tu_assessment_was_rejected(p->w, &p->device, text, out_left, err);

	if (status != TU_OK || !*out_left)
		return status;
	return tu_push__say(p->push, false,
		       "decisions/%.*s: it was rejected in the store; another text may be proposed",
		       TU_STR_FMT(text->name))
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status put_decisions(struct pushing *p, struct tu_error *err)
{
	struct tu_assessment_text *list =
		tu_arena_array(p->w->arena, p->items->list.count, sizeof(*list));
	struct tu_assessment_texts texts = {list, 0};
	enum tu_status status = TU_OK;

	if (!list)
		return tu_no_memory(err);
	for (size_t i = 0; i < p->items->list.count && status == TU_OK; i++) {
		const struct tu_item *item = &p->items->list.at[i];
		const struct tu_assessment_text text = {tu_item_name(item), item->text};
		bool left = true;

		if (item->kind == TU_ITEM_DECISION && p->fates[i] == PUT)
			status = leave_rejected(p, &text, &left, err);
		if (!left)
			list[texts.count++] = text;
	}
	if (status != TU_OK)
		return status;
	status = tu_assessment_propose(p->w, &p->device, &texts, &p->push->decisions, err);
	p->changed |= p->push->decisions > 0;
	return status;
}

/* ---- releases ---- */

static enum tu_status prepare(struct pushing *p, const struct tu_item *item,
	const struct tu_settling *settling, struct tu_prepared *out, struct tu_error *err)
{
	const struct tu_inventory *inventory;
	enum tu_status status = tu_settle_read(p->w->arena, settling, item->text, &inventory, err);

	if (status == TU_OK)
		status = tu_prepare(p->w->arena, settling->kb, inventory, out, err);
	return status ? tu_error_in_file(err, "%.*s", TU_STR_FMT(item->path)) : TU_OK;
}

static const struct tu_item *sbom_of(
	const struct pushing *p, const struct tu_release *model, enum fate *fate)
{
	for (size_t i = 0; i < p->items->list.count; i++) {
		const struct tu_item *item = &p->items->list.at[i];

		*fate = p->fates[i];
		if (item->kind == TU_ITEM_SBOM && tu_str_eq(item->path, model->sbom))
			return item;
	}
	return NULL;
}

static enum tu_status put_release(struct pushing *p, const struct tu_settling *settling,
	const struct tu_release *model, struct tu_error *err)
{
	enum fate fate = LEAVE;
	const struct tu_item *item = sbom_of(p, model, &fate);
	struct tu_release_row row;
	struct tu_prepared prepared;
	struct tu_settle settle = {.by = settling, .release = &row};
	enum tu_status status = tu_release_find(p->w, &p->device, model->version, &row, err);

	if (status != TU_OK)
		return status;
	/* a release that has none yet may share a file that is there for another */
	if (item && (fate == PUT || !row.sbom_id)) {
		struct tu_ingest ingest = {settling, &row, item->text, &prepared, {0}};

		p->push->sboms++;
		status = prepare(p, item, settling, &prepared, err);
		if (status == TU_OK)
			status = tu_release_ingest(p->w, &ingest, err);
	} else if (row.sbom_id && p->changed) {
		status = tu_settle_and_record(p->w, &settle, err);
	}
	return status ? status : tu_release_when_out(p->w, &row, err);
}

static enum tu_status put_releases(struct pushing *p, struct tu_error *err)
{
	struct tu_settling settling;
	enum tu_status status = tu_settling_begin(p->w, &p->device, p->push->kb, &settling, err);

	settling.reader = p->push->reader;
	settling.strict = true;
	for (size_t i = 0; status == TU_OK && i < settling.model->release_count; i++)
		status = put_release(p, &settling, &settling.model->releases[i], err);
	return status;
}

/* ---- the whole ---- */

struct whole {
	struct tu_push *push;
	const struct tu_device_folder *folder;
	struct tu_items *items;
};

static enum tu_status push_once(struct tu_work *w, void *self, struct tu_error *err)
{
	struct whole *whole = self;
	struct tu_push *push = whole->push;
	struct pushing p = {.w = w, .push = push, .folder = whole->folder, .items = whole->items};
	enum tu_status status;

	push->said.clashes.count = push->said.notes.count = 0;
	push->sboms = push->files = push->decisions = push->newer = push->kept = 0;
	push->device_new = push->device_changed = false;
	status = judge_all(&p, err);
	if (status == TU_OK)
		status = put_device(&p, &p.items->list.at[0], p.fates[0] == PUT, err);
	if (status == TU_OK)
		status = put_files(&p, err);
	if (status == TU_OK)
		status = put_decisions(&p, err);
	return status ? status : put_releases(&p, err);
}

/* Before anybody waits for this writer. */
static enum tu_status pack_items(struct tu_store *store, const struct tu_act *act,
	const struct whole *whole, struct tu_packed_documents *out, struct tu_error *err)
{
	struct tu_arena *arena = whole->folder->arena;
	size_t count = whole->items->list.count;
	struct tu_str *texts = tu_arena_array(arena, count, sizeof(*texts));

	if (!texts)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++)
		texts[i] = whole->items->list.at[i].text;
	return tu_documents_pack(&(struct tu_packing){store, act, texts, count}, arena, out, err);
}

/* What is said of the folder by itself: found before the transaction, so that nothing but memory
 * can fail after it; said after it. */
static enum tu_status find_notes(
	const struct whole *whole, int64_t at, struct tu_push *out_later, struct tu_error *err)
{
	enum tu_status status;

	*out_later = (struct tu_push){.arena = whole->push->arena, .reader = whole->push->reader};
	status = tu_push__note_decisions(whole->folder, whole->items, out_later, err);
	return status ? status : tu_push__note_dates(whole->folder, at, out_later, err);
}

static bool add_notes(struct tu_push *push, const struct tu_push *later)
{
	bool ok = true;

	for (size_t i = 0; ok && i < later->said.notes.count; i++)
		ok = TU_VEC_PUSH_IN(push->arena, &push->said.notes, later->said.notes.at[i]);
	return ok;
}

/* It is in the store, whatever becomes of this: no error, or whoever pushed would think that it is
 * not. */
static enum tu_status remember(struct tu_store *store, const struct tu_act *act,
	const struct whole *whole, struct tu_error *err)
{
	const struct tu_agree agree = {
		whole->folder->arena, whole->push->folder, whole->push->device, whole->items};
	struct tu_error own = {0};
	char words[TU_ERROR_TEXT_MAX];

	if (tu_items_agree(store, act, &agree, &own) == TU_OK)
		return TU_OK;
	return tu_push__say(whole->push, false,
		       "pushed, but that could not be remembered in the folder (%s): push it "
		       "again, unchanged, before it is worked on",
		       tu_error_text(&own, words, sizeof(words)))
		? TU_OK
		: tu_no_memory(err);
}

/* In the transaction, and after it. */
static enum tu_status commit(
	struct tu_store *store, const struct tu_act *act, struct whole *whole, struct tu_error *err)
{
	struct tu_packed_documents packed;
	struct tu_act by = *act;
	struct tu_push later;
	enum tu_status status = find_notes(whole, by.at / 1000000, &later, err);

	if (status == TU_OK)
		status = pack_items(store, &by, whole, &packed, err);
	by.packed = &packed;
	if (status == TU_OK)
		status = tu_work_run(store, &by, push_once, whole, err);
	if (status == TU_OK)
		status = remember(store, &by, whole, err);
	return status || add_notes(whole->push, &later) ? status : tu_no_memory(err);
}

enum tu_status tu_push_folder(struct tu_store *store, const struct tu_act *act,
	struct tu_push *push, struct tu_error *err)
{
	struct tu_device_folder folder;
	struct tu_items items;
	struct whole whole = {push, &folder, &items};
	struct tu_act by = *act;
	enum tu_status status = tu_device_folder_open(push->folder, &folder, err);

	if (status == TU_OK)
		status = tu_actor_find(store, act, folder.arena, &by.actor, err);
	if (status == TU_OK)
		status = tu_items_read(&folder, &items, err);
	if (status == TU_OK && !tu_arena_dup(push->arena, folder.device->id, &push->device))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_push__check_decisions(&folder, act->at / 1000000, push, err);
	if (status == TU_OK)
		status = tu_push__check_design(&folder, &items, act->at / 1000000, err);
	if (status == TU_OK)
		status = tu_items_can_agree(folder.arena, push->folder, err);
	if (status == TU_OK)
		status = commit(store, &by, &whole, err);
	tu_device_folder_done(&folder);
	return status;
}
