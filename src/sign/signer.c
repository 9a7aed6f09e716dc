#define _GNU_SOURCE /* for sys/prctl.h, memfd_create() */
#include "sign/signer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/descriptor.h"
#include "sign/worker.h"

enum { ANSWER_SECONDS = 30, RESTART_MS = 20 };

struct tu_signer {
	pthread_mutex_t lock;
	int socket;
	pid_t keeper;
	uint32_t sequence;
};

/* ---- the keeper ---- */

/* The program ends its children by closing the socket, not by signals of the terminal. */
static void ignore_signals(void)
{
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
}

static void say_it_died(int socket)
{
	struct tu_sign_reply reply = {.status = TU_E_IO,
		.message = "the signing process ended; it has been started again"};

	(void)send(socket, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Nothing of the program's stays open here, such as the lock of its data folder: who comes after a
 * program that was killed does not wait for these two to notice. Returns the socket. */
static int hold_nothing_else(int socket)
{
	int only = dup2(socket, STDERR_FILENO + 1);

	if (only >= 0)
		(void)close_range((unsigned)only + 1, ~0U, 0);
	return only < 0 ? socket : only;
}

/* Start the signing process until it ends by itself: then nobody is there to ask it. */
static int keep(int socket, const struct tu_signer_options *options)
{
	const struct timespec pause = {0, RESTART_MS * 1000000L};

	for (;;) {
		pid_t child = fork();
		int status = 0;

		if (child == 0)
			_exit(tu_sign__work(socket, options));
		if (child < 0)
			return 1;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			return 0;
		say_it_died(socket);
		(void)nanosleep(&pause, NULL);
	}
}

static enum tu_status start_keeper(
	struct tu_signer *signer, const struct tu_signer_options *options, struct tu_error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return tu_fail(err, TU_E_IO, 0, "cannot make a socket: %s", strerror(errno));
	signer->socket = ends[0];
	signer->keeper = fork();
	if (signer->keeper == 0) {
		ignore_signals();
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		_exit(getppid() == parent ? keep(hold_nothing_else(ends[1]), options) : 0);
	}
	(void)close(ends[1]);
	return signer->keeper < 0
		? tu_fail(err, TU_E_IO, 0, "cannot start a process: %s", strerror(errno))
		: TU_OK;
}

/* ---- asking ---- */

static void forget_old(int socket)
{
	struct tu_sign_reply old;

	while (recv(socket, &old, sizeof(old), MSG_DONTWAIT) > 0)
		;
}

static enum tu_status lost(struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "the signing process does not answer: %s",
		errno == EAGAIN ? "it takes too long" : strerror(errno));
}

static enum tu_status receive(
	int socket, uint32_t sequence, struct tu_sign_reply *reply, struct tu_error *err)
{
	do {
		ssize_t len;

		do
			len = recv(socket, reply, sizeof(*reply), 0);
		while (len < 0 && errno == EINTR);
		if (len == 0)
			errno = ECONNRESET;
		if (len != (ssize_t)sizeof(*reply))
			return lost(err);
	} while (reply->sequence != sequence && reply->sequence != 0);
	reply->message[sizeof(reply->message) - 1] = '\0';
	if (reply->status)
		return tu_fail_at(err, (enum tu_status)reply->status,
			&(struct tu_error_place){.line = reply->line}, "%s", reply->message);
	return TU_OK;
}

/* The question, with a descriptor unless that is -1. */
static bool put_question(int socket, struct tu_sign_ask *question, int fd)
{
	union tu_descriptor_room room;
	struct iovec part = {question, sizeof(*question)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd >= 0)
		tu_descriptor_attach(&message, &room, fd);
	return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(*question);
}

static enum tu_status ask_with(struct tu_signer *signer, struct tu_sign_ask *question, int fd,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	enum tu_status status;

	(void)pthread_mutex_lock(&signer->lock);
	forget_old(signer->socket);
	signer->sequence += signer->sequence == UINT32_MAX ? 2 : 1;
	question->sequence = signer->sequence;
	if (!put_question(signer->socket, question, fd))
		status = lost(err);
	else
		status = receive(signer->socket, question->sequence, reply, err);
	(void)pthread_mutex_unlock(&signer->lock);
	return status;
}

static enum tu_status ask(struct tu_signer *signer, struct tu_sign_ask *question,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	return ask_with(signer, question, -1, reply, err);
}

enum tu_status tu_signer_state(
	struct tu_signer *signer, struct tu_signer_state *out_state, struct tu_error *err)
{
	struct tu_sign_ask question = {.op = TU_SIGN_OP_HELLO};
	struct tu_sign_reply reply;
	enum tu_status status = ask(signer, &question, &reply, err);

	if (!status)
		*out_state = (struct tu_signer_state){
			reply.process, signer->keeper, reply.confined != 0};
	return status;
}

enum tu_status tu_signer_start(const struct tu_signer_options *options,
	struct tu_signer **out_signer, struct tu_error *err)
{
	const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
	struct tu_signer *signer = tu_alloc(1, sizeof(*signer));
	struct tu_signer_state state;
	enum tu_status status;

	if (!signer)
		return tu_no_memory(err);
	*signer = (struct tu_signer){.socket = -1, .keeper = -1};
	(void)pthread_mutex_init(&signer->lock, NULL);
	status = start_keeper(signer, options, err);
	if (!status) {
		(void)setsockopt(
			signer->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		status = tu_signer_state(signer, &state, err);
	}
	if (status) {
		tu_signer_stop(signer);
		return status;
	}
	*out_signer = signer;
	return TU_OK;
}

void tu_signer_stop(struct tu_signer *signer)
{
	if (!signer)
		return;
	if (signer->socket >= 0)
		(void)close(signer->socket);
	if (signer->keeper > 0)
		while (waitpid(signer->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	(void)pthread_mutex_destroy(&signer->lock);
	tu_free(signer);
}

static enum tu_status fill(
	struct tu_sign_ask *question, const struct tu_sign_request *request, struct tu_error *err)
{
	question->purpose = request->purpose;
	question->at = request->at;
	if (request->payload.len > sizeof(question->payload) ||
		request->who.len > sizeof(question->who))
		return tu_fail(err, TU_E_LIMIT, 0,
			"%zu bytes for %zu bytes of a name; at most %d for %d are signed",
			request->payload.len, request->who.len, TU_SIGN_PAYLOAD_MAX,
			TU_SIGN_WHO_MAX);
	question->payload_len = (uint32_t)request->payload.len;
	question->who_len = (uint32_t)request->who.len;
	if (request->payload.len)
		memcpy(question->payload, request->payload.ptr, request->payload.len);
	if (request->who.len)
		memcpy(question->who, request->who.ptr, request->who.len);
	return TU_OK;
}

enum tu_status tu_signer_sign(struct tu_signer *signer, const struct tu_sign_request *request,
	uint8_t out_signature[TU_ED25519_SIGNATURE], struct tu_error *err)
{
	struct tu_sign_ask question = {.op = TU_SIGN_OP_SIGN};
	struct tu_sign_reply reply;
	enum tu_status status = fill(&question, request, err);

	if (!status)
		status = ask(signer, &question, &reply, err);
	if (!status)
		memcpy(out_signature, reply.signature, TU_ED25519_SIGNATURE);
	return status;
}

enum tu_status tu_signer_key(struct tu_signer *signer, enum tu_sign_purpose purpose,
	struct tu_verifying_key *out_key, struct tu_error *err)
{
	struct tu_sign_ask question = {.op = TU_SIGN_OP_KEY, .purpose = purpose};
	struct tu_sign_reply reply;
	enum tu_status status = ask(signer, &question, &reply, err);

	if (!status)
		memcpy(out_key->public_key, reply.public_key, sizeof(out_key->public_key));
	return status;
}

/* ---- OpenPGP ---- */

static enum tu_status take_text(
	const struct tu_sign_reply *reply, struct tu_buf *out, struct tu_error *err)
{
	if (reply->text_len > sizeof(reply->text))
		return tu_fail(err, TU_E_CORRUPT, 0, "the signing process answers too much");
	tu_buf_str_add(out, tu_str_of(reply->text, reply->text_len));
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_signer_openpgp_key(struct tu_signer *signer,
	char out_fingerprint[TU_SIGN_FINGERPRINT + 1], struct tu_buf *out_public,
	struct tu_error *err)
{
	struct tu_sign_ask question = {.op = TU_SIGN_OP_OPENPGP, .purpose = TU_SIGN_CSAF};
	struct tu_sign_reply reply;
	enum tu_status status = ask(signer, &question, &reply, err);

	if (status)
		return status;
	memcpy(out_fingerprint, reply.fingerprint, TU_SIGN_FINGERPRINT);
	out_fingerprint[TU_SIGN_FINGERPRINT] = '\0';
	return take_text(&reply, out_public, err);
}

/* The document as a file without a name. */
static enum tu_status file_of(struct tu_str document, int *out_fd, struct tu_error *err)
{
	size_t done = 0;
	ssize_t put = 1;
	int fd = memfd_create("csaf", MFD_CLOEXEC);

	for (; fd >= 0 && done < document.len && put > 0; done += put > 0 ? (size_t)put : 0)
		put = write(fd, document.ptr + done, document.len - done);
	if (fd >= 0 && done == document.len) {
		*out_fd = fd;
		return TU_OK;
	}
	if (fd >= 0)
		(void)close(fd);
	return tu_fail(err, TU_E_IO, 0, "cannot hand the document over: %s", strerror(errno));
}

enum tu_status tu_signer_sign_document(struct tu_signer *signer,
	const struct tu_sign_request *request, struct tu_str document, struct tu_buf *out_signature,
	struct tu_error *err)
{
	struct tu_sign_ask question = {.op = TU_SIGN_OP_DOCUMENT};
	struct tu_sign_reply reply;
	int fd = -1;
	enum tu_status status = fill(&question, request, err);

	if (!status && document.len > TU_SIGN_DOCUMENT_MAX)
		status = tu_fail(err, TU_E_LIMIT, 0,
			"a document of %zu bytes; at most %d are signed", document.len,
			TU_SIGN_DOCUMENT_MAX);
	if (!status)
		status = file_of(document, &fd, err);
	if (!status)
		status = ask_with(signer, &question, fd, &reply, err);
	if (fd >= 0)
		(void)close(fd);
	return status ? status : take_text(&reply, out_signature, err);
}
