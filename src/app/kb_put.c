#include "app/kb_put.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "app/kb_file.h"

enum { NAME_LIMIT = 4 * PATH_MAX };

static enum tu_status name_account(
	const char *path, const char *suffix, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_init(out, NAME_LIMIT);
	tu_buf_printf(out, "%s%s", path, suffix);
	tu_buf_byte(out, '\0');
	return out->failed ? tu_no_memory(err) : TU_OK;
}

/* Its two names; both are freed by the caller, whatever the status. */
static enum tu_status name_both(
	const char *path, struct tu_buf *out_name, struct tu_buf *out_next, struct tu_error *err)
{
	enum tu_status status = name_account(path, TU_KB_SIDECAR, out_name, err);

	tu_buf_init(out_next, 0);
	return status ? status : name_account(path, TU_KB_SIDECAR_NEXT, out_next, err);
}

/* `account` empty: there is none. */
static enum tu_status write_account(
	const char *account_path, struct tu_str account, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status;

	if (account.len == 0)
		return unlink(account_path) == 0 || errno == ENOENT
			? TU_OK
			: tu_fail(err, TU_E_IO, 0, "%s: cannot be removed: %s", account_path,
				  strerror(errno));
	status = tu_output_replace(&output, account_path, err);
	if (status != TU_OK)
		return status;
	tu_buf_str_add(&output.sink.buf, account);
	return tu_output_close(&output, err);
}

enum tu_status tu_kb_put_account(const char *path, struct tu_str account, struct tu_error *err)
{
	struct tu_buf name, next;
	enum tu_status status = name_both(path, &name, &next, err);

	if (status == TU_OK)
		status = write_account(name.ptr, account, err);
	/* of a run that was killed before this name was the account's */
	if (status == TU_OK)
		(void)unlink(next.ptr);
	tu_buf_done(&next);
	tu_buf_done(&name);
	return status;
}

/*
 * All that can fail for a full disk has been done before the first file changes its name. The
 * account waits under its second name, where it is found (app/kb_file.c) if the process ends
 * between the two steps: at any time one of the two accounts is about the knowledge base that is
 * there.
 */
static enum tu_status put_both(const char *name, const char *next, struct tu_output *kb,
	struct tu_str account, struct tu_error *err)
{
	enum tu_status status = tu_output_finish(kb, err);

	if (status == TU_OK)
		status = write_account(next, account, err);
	if (status == TU_OK)
		status = tu_output_close(kb, err);
	else
		tu_output_abandon(kb);
	if (status != TU_OK) {
		(void)unlink(next);
		return status;
	}
	if (account.len && rename(next, name) != 0)
		return tu_fail(
			err, TU_E_IO, 0, "%s: cannot be put in place: %s", name, strerror(errno));
	return account.len ? TU_OK : write_account(name, account, err);
}

enum tu_status tu_kb_put(
	const char *path, struct tu_output *kb, struct tu_str account, struct tu_error *err)
{
	struct tu_buf name, next;
	enum tu_status status = name_both(path, &name, &next, err);

	if (status == TU_OK)
		status = put_both(name.ptr, next.ptr, kb, account, err);
	else
		tu_output_abandon(kb);
	tu_buf_done(&next);
	tu_buf_done(&name);
	return status;
}
