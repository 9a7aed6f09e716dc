#include "app/kb_put.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "app/kb_file.h"
#include "base/input.h"

enum { NAME_LIMIT = 4 * PATH_MAX };

enum tu_status tu_kb_account_path(const char *path, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_init(out, NAME_LIMIT);
	tu_buf_printf(out, "%s%s", path, TU_KB_SIDECAR);
	tu_buf_byte(out, '\0');
	return out->failed ? tu_no_memory(err) : TU_OK;
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
	status = tu_output_open(&output, account_path, err);
	if (status != TU_OK)
		return status;
	tu_buf_str_add(&output.sink.buf, account);
	return tu_output_close(&output, err);
}

enum tu_status tu_kb_put_account(const char *path, struct tu_str account, struct tu_error *err)
{
	struct tu_buf name;
	enum tu_status status = tu_kb_account_path(path, &name, err);

	if (status == TU_OK)
		status = write_account(name.ptr, account, err);
	tu_buf_done(&name);
	return status;
}

/* All that can fail for a full disk has been done before the first file changes its name. */
static enum tu_status put_both(
	const char *name, struct tu_output *kb, struct tu_str account, struct tu_error *err)
{
	struct tu_buf old;
	enum tu_status status = tu_output_finish(kb, err);

	/* to go back to; one that cannot be read is worth nothing */
	tu_buf_init(&old, TU_SIDECAR_BYTES_MAX);
	if (tu_input_read(name, &old, NULL) != TU_OK)
		tu_buf_clear(&old);
	if (status == TU_OK)
		status = write_account(name, account, err);
	if (status == TU_OK) {
		status = tu_output_close(kb, err);
		if (status != TU_OK)
			(void)!write_account(name, tu_buf_str(&old), NULL);
	}
	tu_output_abandon(kb);
	tu_buf_done(&old);
	return status;
}

enum tu_status tu_kb_put(
	const char *path, struct tu_output *kb, struct tu_str account, struct tu_error *err)
{
	struct tu_buf name;
	enum tu_status status = tu_kb_account_path(path, &name, err);

	if (status == TU_OK)
		status = put_both(name.ptr, kb, account, err);
	else
		tu_output_abandon(kb);
	tu_buf_done(&name);
	return status;
}
