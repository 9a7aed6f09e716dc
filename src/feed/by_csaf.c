/*
 * CSAF providers: provider-metadata.json names ROLIE feeds or folders with a changes.csv (CSAF 2.0,
 * 7.1.7, 7.1.11, 7.1.13, 7.1.15); each document has its hash beside it (7.1.18) and, where a key
 * is pinned, must have its signature (7.1.19). A hash that a feed lists, and any hash of a trusted
 * provider (7.2.3), must be there. A list that has become much shorter is not believed. Nothing is
 * followed to a host that the source's row or its configuration does not name.
 */
#include "base/time.h"
#include "feed/openpgp.h"
#include "feed/work.h"

enum { DOCUMENTS_MAX = 50000, FEEDS_MAX = 64, SIGNATURE_MAX = 64 * 1024 };

/* An advisory that a feed lists. */
struct listed {
	struct tu_str url;
	struct tu_str updated;
	struct tu_str hash_url; /* "….sha256", "….sha512"; empty: not listed */
	struct tu_str signature_url; /* empty: ".asc" beside the document */
};

struct walk {
	struct work *work;
	bool trusted; /* the provider says that it has the role of a trusted one */
	TU_VEC(struct listed) documents;
	TU_VEC(struct tu_str) feeds; /* ROLIE */
	TU_VEC(struct tu_str) folders;
};

static struct tu_str joined(const struct work *work, struct tu_str base, struct tu_str reference)
{
	struct tu_buf url;
	struct tu_str copy = {"", 0};

	tu_buf_init(&url, (size_t)2 * TU_URL_MAX);
	tu_url_join(base, reference, &url);
	if (url.failed || !tu_arena_dup(work->arena, tu_buf_str(&url), &copy))
		copy = TU_STR("");
	tu_buf_done(&url);
	return copy;
}

/* ---- the provider ---- */

/* Advisories that may not be passed on are behind a login: they are not for us. */
static bool is_public(struct tu_str label)
{
	return label.len == 0 || tu_str_ieq(label, TU_STR("WHITE")) ||
		tu_str_ieq(label, TU_STR("CLEAR")) || tu_str_ieq(label, TU_STR("UNLABELED"));
}

static bool read_distribution(struct walk *walk, struct tu_json value)
{
	struct tu_json_iter feeds =
		tu_json_iter(tu_json_get(tu_json_get(value, TU_STR("rolie")), TU_STR("feeds")));
	struct tu_str folder = TU_JSON_STR(value, "directory_url");
	struct tu_str base = walk->work->source->url;
	struct tu_json feed;
	bool any = false;

	while (tu_json_next_item(&feeds, &feed)) {
		struct tu_str url = TU_JSON_STR(feed, "url");

		if (url.len == 0 || !is_public(TU_JSON_STR(feed, "tlp_label")))
			continue;
		any = true;
		if (walk->feeds.count < FEEDS_MAX &&
			!TU_VEC_PUSH(&walk->feeds, joined(walk->work, base, url)))
			return false;
	}
	if (any || folder.len == 0 || walk->folders.count == FEEDS_MAX)
		return true;
	return TU_VEC_PUSH(&walk->folders, joined(walk->work, base, folder));
}

static enum tu_status read_provider(struct walk *walk, struct tu_error *err)
{
	struct work *work = walk->work;
	struct tu_json root, value;
	struct tu_json_iter iter;
	enum tu_status status = work_fetch_index(
		work, work->source->url, TU_STR("provider-metadata.json"), &root, err);

	if (status != TU_OK)
		return status;
	walk->trusted = tu_str_eq(TU_JSON_STR(root, "role"), TU_STR("csaf_trusted_provider"));
	iter = tu_json_iter(tu_json_get(root, TU_STR("distributions")));
	while (tu_json_next_item(&iter, &value))
		if (!read_distribution(walk, value))
			return tu_no_memory(err);
	if (walk->feeds.count + walk->folders.count == 0)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"%.*s: names no public ROLIE feed and no directory",
			TU_STR_FMT(work->source->url));
	return TU_OK;
}

/* ---- lists of documents ---- */

static enum tu_status add_document(
	struct walk *walk, struct tu_str base, const struct listed *found, struct tu_error *err)
{
	struct listed document = {.url = joined(walk->work, base, found->url)};

	if (walk->documents.count == DOCUMENTS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "more than %d documents", DOCUMENTS_MAX);
	if (found->hash_url.len)
		document.hash_url = joined(walk->work, base, found->hash_url);
	if (found->signature_url.len)
		document.signature_url = joined(walk->work, base, found->signature_url);
	if (document.url.len == 0 ||
		!tu_arena_dup(walk->work->arena, found->updated, &document.updated) ||
		!TU_VEC_PUSH(&walk->documents, document))
		return tu_no_memory(err);
	return TU_OK;
}

/* The link of an entry that is this and has one of the endings. Some providers write "ref" where
 * the standard says "rel". */
static struct tu_str find_link(
	struct tu_json entry, struct tu_str wanted, struct tu_str ending, struct tu_str other)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(entry, TU_STR("link")));
	struct tu_json link;

	while (tu_json_next_item(&iter, &link)) {
		struct tu_str rel = TU_JSON_STR(link, "rel");
		struct tu_str href = TU_JSON_STR(link, "href");

		if (rel.len == 0)
			rel = TU_JSON_STR(link, "ref");
		if (tu_str_ieq(rel, wanted) &&
			(tu_str_ends(href, ending) || tu_str_ends(href, other)))
			return href;
	}
	return TU_STR("");
}

static struct tu_str self_link(struct tu_json entry)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(entry, TU_STR("link")));
	struct tu_json link;
	struct tu_str src =
		tu_json_str(tu_json_get(tu_json_get(entry, TU_STR("content")), TU_STR("src")));

	while (src.len == 0 && tu_json_next_item(&iter, &link))
		if (tu_str_ieq(TU_JSON_STR(link, "rel"), TU_STR("self")))
			src = TU_JSON_STR(link, "href");
	return src;
}

/* `listed` documents are in the index of this name: as many as before, or nearly? */
static enum tu_status check_length(struct work *work, struct tu_str url, struct tu_str name,
	uint64_t listed, struct tu_error *err)
{
	struct tu_feed_file *list =
		tu_feed_state_find(&work->state, work_text(work, "lists/%.*s", TU_STR_FMT(name)));
	enum tu_status status =
		work_check_loss(work, list ? list->listed : 0, listed, "documents listed", err);

	if (status != TU_OK)
		return tu_error_in_file(err, "%.*s", TU_STR_FMT(tu_str_first(url, 160)));
	if (list)
		list->listed = listed;
	return TU_OK;
}

static enum tu_status read_rolie(struct walk *walk, struct tu_str url, struct tu_error *err)
{
	struct work *work = walk->work;
	struct tu_str name = work_url_name(work, url);
	size_t before = walk->documents.count;
	struct tu_json root, entry;
	struct tu_json_iter iter;
	enum tu_status status = work_fetch_index(work, url, name, &root, err);

	if (status != TU_OK)
		return status;
	if (!tu_json_is_object(tu_json_get(root, TU_STR("feed"))))
		return tu_fail(err, TU_E_SYNTAX, 0, "%.*s: not a ROLIE feed", TU_STR_FMT(url));
	iter = tu_json_iter(tu_json_get(tu_json_get(root, TU_STR("feed")), TU_STR("entry")));
	while (status == TU_OK && tu_json_next_item(&iter, &entry)) {
		const struct listed found = {.url = self_link(entry),
			.updated = TU_JSON_STR(entry, "updated"),
			.hash_url = find_link(
				entry, TU_STR("hash"), TU_STR(".sha256"), TU_STR(".sha512")),
			.signature_url = find_link(
				entry, TU_STR("signature"), TU_STR(".asc"), TU_STR(".sig"))};

		status = found.url.len ? add_document(walk, url, &found, err) : TU_OK;
	}
	return status == TU_OK ? check_length(work, url, name, walk->documents.count - before, err)
			       : status;
}

static struct tu_str unquoted(struct tu_str text)
{
	text = tu_str_trim(text);
	if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
		return tu_str_first(tu_str_from(text, 1), text.len - 2);
	return text;
}

/* changes.csv: "path","timestamp". */
static enum tu_status read_folder(struct walk *walk, struct tu_str folder, struct tu_error *err)
{
	struct work *work = walk->work;
	size_t before = walk->documents.count;
	bool slash = folder.len && folder.ptr[folder.len - 1] == '/';
	struct tu_str base = work_text(work, "%.*s%s", TU_STR_FMT(folder), slash ? "" : "/");
	struct tu_str url = work_text(work, "%.*schanges.csv", TU_STR_FMT(base));
	const struct want want = {.url = url,
		.name = work_url_name(work, url),
		.list = true,
		.conditional = true,
		.compress = true};
	struct tu_str rest, line;
	enum outcome outcome;
	enum tu_status status = work_fetch(work, &want, &outcome, err);

	if (status == TU_OK)
		status = work_read_list(work, want.name, err);
	rest = tu_buf_str(&work->document);
	while (status == TU_OK && tu_str_split(&rest, '\n', &line)) {
		size_t comma = tu_str_find(line, ',');
		struct listed found = {.url = unquoted(tu_str_first(line, comma)),
			.updated = unquoted(tu_str_from(line, comma + 1))};
		int64_t when;

		if (found.url.len == 0 || !tu_time_parse(found.updated, &when))
			continue; /* a heading */
		status = add_document(walk, base, &found, err);
	}
	return status == TU_OK
		? check_length(work, url, want.name, walk->documents.count - before, err)
		: status;
}

/* ---- documents ---- */

/* The first word of a hash file: the digest in hexadecimal. */
static enum tu_status fetch_hash(
	struct work *work, struct tu_str url, struct want *want, struct tu_error *err)
{
	const struct want hash = {.url = url, .name = TU_STR("hash"), .list = true};
	bool long_one = tu_str_ends(url, TU_STR(".sha512"));
	struct tu_str text = {"", 0};
	struct tu_str *slot = long_one ? &want->sha512 : &want->sha256;
	enum outcome outcome;
	enum tu_status status = work_fetch(work, &hash, &outcome, err);
	size_t end = 0;

	if (status == TU_OK)
		status = work_read_list(work, hash.name, err);
	if (status != TU_OK)
		return status;
	text = tu_str_trim(tu_buf_str(&work->document));
	while (end < text.len && tu_char_is_alnum(text.ptr[end]))
		end++;
	if (end != (long_one ? 128u : 64u))
		return tu_fail(err, TU_E_SYNTAX, 0, "%.*s: contains no hash",
			TU_STR_FMT(tu_str_first(hash.url, 140)));
	return tu_arena_dup(work->arena, tu_str_first(text, end), slot) ? TU_OK : tu_no_memory(err);
}

/* The hash that is listed or, where none is, one beside the document: "SHA-256 or SHA-512". */
static enum tu_status fetch_a_hash(const struct walk *walk, const struct listed *document,
	struct want *want, struct tu_error *err)
{
	static const char *const endings[] = {"sha256", "sha512"};
	struct work *work = walk->work;
	enum tu_status status = TU_E_NOTFOUND;

	if (document->hash_url.len) {
		status = fetch_hash(work, document->hash_url, want, err);
		return status == TU_E_NOTFOUND ? tu_error_prefix(err, "the hash that is listed")
					       : status;
	}
	for (size_t i = 0; i < TU_COUNT(endings) && status == TU_E_NOTFOUND; i++)
		status = fetch_hash(work,
			work_text(work, "%.*s.%s", TU_STR_FMT(document->url), endings[i]), want,
			err);
	if (status != TU_E_NOTFOUND)
		return status;
	if (!walk->trusted) {
		work_tell(work, "%.*s: has no hash beside it", TU_STR_FMT(document->url));
		return TU_OK;
	}
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"%.*s: has no hash beside it, which a trusted provider must give",
		TU_STR_FMT(tu_str_first(document->url, 160)));
}

/* The packets of the document's signature. */
static enum tu_status fetch_signature(
	struct work *work, const struct listed *document, struct tu_buf *out, struct tu_error *err)
{
	const struct want want = {.url = document->signature_url.len
			? document->signature_url
			: work_text(work, "%.*s.asc", TU_STR_FMT(document->url)),
		.name = TU_STR("signature"),
		.list = true};
	enum outcome outcome;
	enum tu_status status = work_fetch(work, &want, &outcome, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%.*s: has no OpenPGP signature beside it, but a key is pinned",
			TU_STR_FMT(tu_str_first(document->url, 160)));
	if (status != TU_OK)
		return status;
	status = work_read_list(work, want.name, err);
	if (status == TU_OK)
		status = tu_openpgp_read(
			tu_buf_str(&work->document), TU_OPENPGP_SIGNATURE, out, err);
	if (status != TU_OK)
		return tu_error_in_file(err, "%.*s", TU_STR_FMT(tu_str_first(want.url, 160)));
	return TU_OK;
}

static enum tu_status fetch_signed(
	struct work *work, const struct listed *document, struct want *want, struct tu_error *err)
{
	struct tu_buf signature;
	enum outcome outcome;
	enum tu_status status = TU_OK;

	tu_buf_init(&signature, SIGNATURE_MAX);
	if (work->source->openpgp_key.len) {
		status = fetch_signature(work, document, &signature, err);
		want->signature = tu_buf_str(&signature);
	}
	if (status == TU_OK)
		status = work_fetch(work, want, &outcome, err);
	tu_buf_done(&signature);
	return status;
}

/* Before it had one name for each URL, it had one for the path, whichever document came last. */
static void drop_old_name(struct work *work, struct tu_str url)
{
	enum { OLD_NAME_MAX = 180 };
	struct tu_url parts;
	struct tu_str path;
	struct tu_feed_file *old;

	if (tu_url_parse(url, &parts, NULL) != TU_OK)
		return;
	path = tu_str_from(parts.path, 1);
	if (path.len > OLD_NAME_MAX)
		path = tu_str_from(path, path.len - OLD_NAME_MAX);
	old = tu_feed_state_find(
		&work->state, work_text(work, "files/%.*s", TU_STR_FMT(work_old_name(work, path))));
	if (old)
		work_drop(work, old);
}

static enum tu_status fetch_document(
	const struct walk *walk, const struct listed *document, struct tu_error *err)
{
	struct work *work = walk->work;
	struct want want = {.url = document->url,
		.name = work_url_name(work, document->url),
		.cursor = document->updated,
		.varies = true};
	struct tu_feed_file *old = tu_feed_state_find(
		&work->state, work_text(work, "files/%.*s", TU_STR_FMT(want.name)));
	enum tu_status status = work_check_url(work, document->url, err);

	if (status != TU_OK)
		return status;
	if (old && document->updated.len && tu_str_eq(old->cursor, document->updated)) {
		old->seen = true;
		return TU_OK;
	}
	status = fetch_a_hash(walk, document, &want, err);
	if (status == TU_OK)
		status = fetch_signed(work, document, &want, err);
	if (status == TU_OK)
		drop_old_name(work, document->url);
	return status;
}

static enum tu_status fetch_documents(const struct walk *walk, struct tu_error *err)
{
	struct work *work = walk->work;

	for (size_t i = 0; i < walk->documents.count && !work_stopped(work); i++) {
		struct tu_error own = {0};
		enum tu_status status = fetch_document(walk, &walk->documents.at[i], &own);

		if (status == TU_E_NOMEM)
			return tu_no_memory(err);
		if (status != TU_OK)
			work_note_failure(work, &own);
		if (i % 100 == 99) {
			work_tell(work, "%zu of %zu documents", i + 1, walk->documents.count);
			if (work_save(work, err) != TU_OK)
				return err->status;
		}
	}
	return TU_OK;
}

/* Indexes of feeds that the provider no longer names. */
static void drop_other_lists(struct work *work)
{
	for (size_t i = 0; i < work->state.files.count; i++) {
		struct tu_feed_file *file = &work->state.files.at[i];

		if (!file->gone && !file->seen && tu_str_starts(file->name, TU_STR("lists/")))
			work_drop(work, file);
	}
}

static enum tu_status run(struct walk *walk, struct tu_error *err)
{
	struct work *work = walk->work;
	enum tu_status status = read_provider(walk, err);

	for (size_t i = 0; status == TU_OK && i < walk->feeds.count; i++) {
		struct tu_error own = {0};

		if (read_rolie(walk, walk->feeds.at[i], &own) != TU_OK)
			work_note_failure(work, &own);
	}
	for (size_t i = 0; status == TU_OK && i < walk->folders.count; i++) {
		struct tu_error own = {0};

		if (read_folder(walk, walk->folders.at[i], &own) != TU_OK)
			work_note_failure(work, &own);
	}
	if (status == TU_OK && work->failures == 0 && walk->documents.count == 0)
		return tu_fail(err, TU_E_CORRUPT, 0, "the provider lists no document at all");
	if (status == TU_OK)
		status = fetch_documents(walk, err);
	if (status == TU_OK && work->failures == 0 && !work_stopped(work))
		drop_other_lists(work);
	return status == TU_OK ? work_verdict(work, err) : status;
}

enum tu_status by_csaf(struct work *work, struct tu_error *err)
{
	struct walk walk = {.work = work};
	enum tu_status status = run(&walk, err);

	TU_VEC_DONE(&walk.documents);
	TU_VEC_DONE(&walk.feeds);
	TU_VEC_DONE(&walk.folders);
	return status;
}
