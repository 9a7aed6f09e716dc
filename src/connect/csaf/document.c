/* Documents, and what belongs to each: digests and a signature. */
#include "connect/csaf/operations.h"
#include "connect/csaf/view.h"

static enum tu_status write_bytes(
	struct tu_csaf_view *view, const struct tu_provider_file *file, struct tu_error *err)
{
	struct tu_document document;

	view->type = "application/json";
	return tu_document_get(view->w->tx, file->document_id, view->out, &document, err);
}

static enum tu_status write_digest(
	struct tu_csaf_view *view, struct tu_str name, const uint8_t *digest, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		tu_buf_byte(view->out, digits[digest[i] >> 4]);
		tu_buf_byte(view->out, digits[digest[i] & 15]);
	}
	tu_buf_printf(view->out, "  %.*s\n", TU_STR_FMT(name));
	view->type = "text/plain; charset=utf-8";
	return TU_OK;
}

static enum tu_status write_sha256(
	struct tu_csaf_view *view, const struct tu_provider_file *file, struct tu_error *err)
{
	(void)err;
	return write_digest(view, file->name, file->sha256, sizeof(file->sha256));
}

static enum tu_status write_sha512(
	struct tu_csaf_view *view, const struct tu_provider_file *file, struct tu_error *err)
{
	(void)err;
	return write_digest(view, file->name, file->sha512, sizeof(file->sha512));
}

static enum tu_status write_signature(
	struct tu_csaf_view *view, const struct tu_provider_file *file, struct tu_error *err)
{
	struct tu_str signature = {0};
	enum tu_status status = tu_csaf_is_signed(file)
		? tu_provider_signature(view->w, file->id, &signature, err)
		: tu_csaf_unknown(err);

	tu_buf_str_add(view->out, signature);
	view->type = "application/pgp-signature";
	return status;
}

static const struct kind {
	struct tu_str ending;
	enum tu_status (*write)(struct tu_csaf_view *view, const struct tu_provider_file *file,
		struct tu_error *err);
} kinds[] = {
	{TU_STR_INIT(".json"), write_bytes},
	{TU_STR_INIT(".json.sha256"), write_sha256},
	{TU_STR_INIT(".json.sha512"), write_sha512},
	{TU_STR_INIT(".json.asc"), write_signature},
};

/* Which of them is it, and of which document? */
static const struct kind *kind_of(struct tu_str file, struct tu_str *out_name)
{
	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		if (!tu_str_ends(file, kinds[i].ending))
			continue;
		*out_name = tu_str_first(file, file.len - kinds[i].ending.len + 5);
		return &kinds[i];
	}
	return NULL;
}

static bool is_of_year(const struct tu_provider_file *file, struct tu_str year)
{
	uint64_t number;

	return year.len == 4 && tu_str_to_u64(year, 9999, &number) &&
		(int64_t)number == tu_provider_year(file);
}

static enum tu_status write_one(struct tu_csaf_view *view, struct tu_error *err)
{
	const struct tu_api_call *call = view->call;
	bool has_year = call->path[2].ptr != NULL;
	struct tu_str name;
	const struct kind *kind = kind_of(call->path[has_year ? 2 : 1], &name);
	const struct tu_provider_file *file = view->files.list.at;

	if (!kind || view->files.list.count != 1 || (has_year && !is_of_year(file, call->path[1])))
		return tu_csaf_unknown(err);
	view->modified = file->released;
	return kind->write(view, file, err);
}

enum tu_status tu_csaf_answer_document(
	struct tu_api_call *call, struct tu_str tlp, struct tu_str file, struct tu_error *err)
{
	struct tu_csaf_asked asked = {.tlp = tlp};

	if (!kind_of(file, &asked.name))
		return tu_csaf_unknown(err);
	return tu_csaf_answer(call, &asked, write_one, err);
}

enum tu_status tu_csaf_get_document(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer_document(call, call->path[0], call->path[2], err);
}
