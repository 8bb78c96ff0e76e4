// Passkeys: asks the browser for a key and hands its answer to the form. Only on pages with a [data-passkey] button.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function create(options, form) {
    const key = { ...options, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials) };
    key.user = { ...options.user, id: bytes(options.user.id) };
    const alone = form.querySelector("[name=passwordless]");
    if (alone?.checked)
      key.authenticatorSelection = {
        ...key.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
      };
    const made = await navigator.credentials.create({ publicKey: key });
    return answer(made, {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    });
  }

  async function ask(options) {
    const key = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const given = await navigator.credentials.get({ publicKey: key });
    const { authenticatorData, signature, userHandle } = given.response;
    return answer(given, {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    });
  }

  function answer(credential, response) {
    return {
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment ?? null,
      response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function optionsOf(button) {
    if (button.dataset.options) return JSON.parse(button.dataset.options).publicKey;
    const given = await fetch(button.dataset.from, { headers: { Accept: "application/json" } });
    if (!given.ok) throw new DOMException("", "NetworkError");
    return (await given.json()).request_options.publicKey;
  }

  const words = {
    NotAllowedError: "没有完成验证：已取消或超时。请再试一次；这台设备上没有登记过钥匙的，请改用其他方式。",
    InvalidStateError: "这把钥匙已经登记过，不用重复登记。",
    SecurityError: "当前网址不能使用通行密钥。请用单位公布的域名访问，不要用 IP 地址。",
    NetworkError: "网络没有连通，请稍后再试。",
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    button.disabled = true;
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "SecurityError");
      const options = await optionsOf(button);
      const given = await (button.dataset.passkey === "create" ? create(options, form) : ask(options));
      form.querySelector("[name$=credential]").value = JSON.stringify(given);
      form.requestSubmit();
    } catch (error) {
      problem.textContent = words[error.name] ?? "这个浏览器没有完成验证，请重试或改用其他方式。";
      problem.hidden = false;
      problem.focus();
    } finally {
      button.disabled = false;
    }
  });
})();
