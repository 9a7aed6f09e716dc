#define _XOPEN_SOURCE 700
#include "cli/push_http.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/input_file.h"
#include "base/json.h"
#include "base/percent.h"
#include "base/tar.h"
#include "cli/environment.h"
#include "feed/post.h"
#include "portfolio/file.h"
#include "portfolio/folder_tar.h"

#define ANSWER_MAX ((size_t)2 << 30)
enum { URL_MAX = 16 << 10, PATH_BYTES = 4096, SECONDS = 1800 };

bool tu_push_is_http(const char *place)
{
	return tu_str_istarts(tu_str_c(place), TU_STR("https://")) ||
		tu_str_istarts(tu_str_c(place), TU_STR("http://"));
}

/* ---- asking ---- */

/* The words of a problem document (RFC 9457). */
static enum tu_status fail_problem(const struct tu_post *post, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	struct tu_str detail = {0}, title = {0};
	enum tu_status status;

	if (parser &&
		tu_json_parse(parser, tu_buf_str(&post->answer), NULL, &root, NULL) == TU_OK) {
		detail = TU_JSON_STR(root, "detail");
		title = TU_JSON_STR(root, "title");
	}
	status = tu_fail(err, post->status == 404 ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %.*s (%ld)",
		post->url,
		TU_STR_FMT(detail.len	    ? detail
				: title.len ? title
					    : TU_STR("refused")),
		post->status);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status ask(const struct tu_push_http *request, struct tu_buf *url,
	struct tu_post *post, struct tu_error *err)
{
	enum tu_status status;

	if (!request->key)
		return tu_fail(err, TU_E_USAGE, 0,
			"$TUTELA_KEY is not set: it has the key of an account (admin key add)");
	if (url->failed)
		return tu_no_memory(err);
	post->url = url->ptr;
	post->key = request->key;
	post->type = "application/x-tar";
	post->seconds_max = SECONDS;
	post->ca_file = tu_user_variable("TUTELA_CA_FILE");
	post->proxy = tu_user_proxy();
	post->no_proxy = tu_user_no_proxy();
	status = tu_post_send(post, err);
	if (status == TU_OK && post->status != 200)
		status = fail_problem(post, err);
	return status;
}

static void begin_url(const struct tu_push_http *request, struct tu_buf *url)
{
	struct tu_str place = tu_str_c(request->place);

	while (place.len && place.ptr[place.len - 1] == '/')
		place.len--;
	tu_buf_init(url, URL_MAX);
	tu_buf_str_add(url, place);
}

/* ---- push ---- */

/* What folder and service agree on from now on. */
static enum tu_status keep_agreement(
	const struct tu_push_http *request, struct tu_str answer, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	char path[PATH_BYTES];
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, answer, NULL, &root, err) : tu_no_memory(err);
	int len = snprintf(
		path, sizeof(path), "%s/%.*s", request->folder, TU_STR_FMT(tu_agreement_name));

	if (status == TU_OK && (len < 0 || len >= PATH_BYTES))
		status = tu_fail(err, TU_E_LIMIT, 0, "the folder's name is too long");
	if (status == TU_OK && tu_json_is_string(tu_json_get(root, TU_STR("agreement"))))
		status = tu_file_write(path, TU_JSON_STR(root, "agreement"), err);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_push_over_http(const struct tu_push_http *request, struct tu_error *err)
{
	struct tu_post post = {.url = NULL};
	struct tu_buf archive, url;
	enum tu_status status;

	tu_buf_init(&archive, ANSWER_MAX);
	tu_buf_init(&post.answer, ANSWER_MAX);
	begin_url(request, &url);
	tu_buf_c(&url, "/v1/push");
	tu_buf_c(&url, request->new_device ? "?new_device=true" : "?new_device=false");
	if (request->renew)
		tu_buf_c(&url, "&renew=true");
	if (request->reason) {
		tu_buf_c(&url, "&reason=");
		tu_percent_add(tu_str_c(request->reason), TU_STR("-._~"), &url);
	}
	tu_buf_byte(&url, '\0');
	status = tu_folder_tar(request->folder, &archive, err);
	post.body = tu_buf_str(&archive);
	if (status == TU_OK)
		status = ask(request, &url, &post, err);
	if (status == TU_OK)
		status = keep_agreement(request, tu_buf_str(&post.answer), err);
	if (status == TU_OK)
		tu_buf_str_add(request->answer, tu_buf_str(&post.answer));
	tu_buf_done(&url);
	tu_buf_done(&post.answer);
	tu_buf_done(&archive);
	return status;
}

/* ---- pull ---- */

static bool path_of(const char *folder, struct tu_str name, char out[PATH_BYTES])
{
	int len = snprintf(out, PATH_BYTES, "%s/%.*s", folder, TU_STR_FMT(name));

	return tu_device_file_is_path(name) && len > 0 && len < PATH_BYTES;
}

/* Was it sent? Then the service has judged it. */
static bool was_sent(struct tu_str archive, struct tu_str name)
{
	struct tu_tar_place place = {.archive = archive};
	struct tu_tar_file file;
	bool more;

	while (tu_tar_next(&place, &file, &more, NULL) == TU_OK && more)
		if (tu_str_eq(file.name, name))
			return true;
	return false;
}

/* A file that is here and was not sent is somebody's own. */
static enum tu_status check_file(const struct tu_push_http *request, struct tu_str sent,
	const struct tu_tar_file *file, struct tu_error *err)
{
	char path[PATH_BYTES];
	struct tu_buf here;
	enum tu_status status;
	bool differs;

	if (!path_of(request->folder, file->name, path))
		return tu_fail(err, TU_E_CORRUPT, 0, "the answer has a file \"%.*s\"",
			TU_STR_FMT(tu_str_first(file->name, 200)));
	if (was_sent(sent, file->name))
		return TU_OK;
	tu_buf_init(&here, ANSWER_MAX);
	status = tu_input__read_raw(path, &here, err);
	differs = status == TU_OK && !tu_str_eq(tu_buf_str(&here), file->content);
	tu_buf_done(&here);
	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (differs)
		return tu_fail(err, TU_E_USAGE, 0,
			"%s: it is another file in the store: nothing is written", path);
	return status;
}

static enum tu_status write_file(
	const struct tu_push_http *request, const struct tu_tar_file *file, struct tu_error *err)
{
	char path[PATH_BYTES];
	enum tu_status status;

	if (!path_of(request->folder, file->name, path))
		return TU_E_CORRUPT;
	status = tu_file_make_folders(path, err);
	return status ? status : tu_file_write(path, file->content, err);
}

/* All are checked before the first is written. */
static enum tu_status write_all(const struct tu_push_http *request, struct tu_str sent,
	struct tu_str archive, size_t *out_files, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	*out_files = 0;
	for (int writes = 0; writes < 2 && status == TU_OK; writes++) {
		struct tu_tar_place place = {.archive = archive};
		struct tu_tar_file file;
		bool more;

		status = tu_tar_next(&place, &file, &more, err);
		while (status == TU_OK && more) {
			status = writes ? write_file(request, &file, err)
					: check_file(request, sent, &file, err);
			*out_files += writes && !tu_str_eq(file.name, tu_agreement_name);
			if (status == TU_OK)
				status = tu_tar_next(&place, &file, &more, err);
		}
	}
	return status;
}

/* The folder as it is; a new one is empty. */
static enum tu_status take_folder(
	const struct tu_push_http *request, struct tu_buf *archive, struct tu_error *err)
{
	enum tu_status status = tu_folder_tar(request->folder, archive, err);

	if (status != TU_E_NOTFOUND)
		return status;
	tu_buf_clear(archive);
	tu_tar_end(archive);
	return TU_OK;
}

enum tu_status tu_pull_over_http(
	const struct tu_push_http *request, size_t *out_files, struct tu_error *err)
{
	struct tu_post post = {.url = NULL};
	struct tu_buf archive, url;
	enum tu_status status;

	*out_files = 0;
	tu_buf_init(&archive, ANSWER_MAX);
	tu_buf_init(&post.answer, ANSWER_MAX);
	begin_url(request, &url);
	tu_buf_c(&url, "/v1/devices/");
	tu_percent_add(tu_str_c(request->device), TU_STR("-._~"), &url);
	tu_buf_c(&url, "/pull");
	tu_buf_byte(&url, '\0');
	status = take_folder(request, &archive, err);
	post.body = tu_buf_str(&archive);
	if (status == TU_OK)
		status = ask(request, &url, &post, err);
	if (status == TU_OK && strcmp(post.answer_type, "application/x-tar") == 0)
		status = write_all(
			request, tu_buf_str(&archive), tu_buf_str(&post.answer), out_files, err);
	else if (status == TU_OK)
		tu_buf_str_add(request->answer, tu_buf_str(&post.answer));
	tu_buf_done(&url);
	tu_buf_done(&post.answer);
	tu_buf_done(&archive);
	return status;
}
