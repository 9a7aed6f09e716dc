#define _GNU_SOURCE /* for sys/prctl.h */
#include "sign/signer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
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

static enum tu_status ask(struct tu_signer *signer, struct tu_sign_ask *question,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	enum tu_status status;

	(void)pthread_mutex_lock(&signer->lock);
	forget_old(signer->socket);
	signer->sequence += signer->sequence == UINT32_MAX ? 2 : 1;
	question->sequence = signer->sequence;
	if (send(signer->socket, question, sizeof(*question), MSG_NOSIGNAL) !=
		(ssize_t)sizeof(*question))
		status = lost(err);
	else
		status = receive(signer->socket, question->sequence, reply, err);
	(void)pthread_mutex_unlock(&signer->lock);
	return status;
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

enum tu_status tu_signer_sign(struct tu_signer *signer, const struct tu_sign_request *request,
	uint8_t out_signature[TU_ED25519_SIGNATURE], struct tu_error *err)
{
	struct tu_sign_ask question = {
		.op = TU_SIGN_OP_SIGN, .purpose = request->purpose, .at = request->at};
	struct tu_sign_reply reply;
	enum tu_status status;

	if (request->payload.len > sizeof(question.payload) ||
		request->who.len > sizeof(question.who))
		return tu_fail(err, TU_E_LIMIT, 0,
			"%zu bytes for %zu bytes of a name; at most %d for %d are signed",
			request->payload.len, request->who.len, TU_SIGN_PAYLOAD_MAX,
			TU_SIGN_WHO_MAX);
	question.payload_len = (uint32_t)request->payload.len;
	question.who_len = (uint32_t)request->who.len;
	if (request->payload.len)
		memcpy(question.payload, request->payload.ptr, request->payload.len);
	if (request->who.len)
		memcpy(question.who, request->who.ptr, request->who.len);
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
