// Makes the page quicker to answer; without it the plain form does.
document.documentElement.dataset.ready = "";
