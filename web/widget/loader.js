// The one script of a host page: fetches the rest when it is time to ask.
import(new URL(ASK_FILE, document.currentScript.src).href).catch(() => {});
