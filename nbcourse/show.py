"""Show the package's own source in a notebook, so that what is read is what runs."""

from nbcourse.messages import short

PACKAGE = __name__.partition(".")[0]


def show(obj):
    """Display the source of a function, class or method of this package, under the path of its file.

    The plain-text form is only name, signature and number of lines, so that an edit of a docstring's
    words does not change the committed output of every notebook that shows it.

    Raises
    ------
    TypeError
        When `obj` is not a function, class or method that this package defines.
    """
    from IPython.display import display

    display(Source(obj))


class Source:
    """The source of one object of the package, as a notebook displays it: `plain` and `markdown`."""

    def __init__(self, obj):
        import inspect
        from textwrap import dedent

        target = inspect.unwrap(_function_of(obj))
        _require_own(obj, target)
        self.code = dedent(inspect.getsource(target)).rstrip("\n")
        self.path = target.__module__.replace(".", "/") + ".py"
        if inspect.getsourcefile(target).endswith("__init__.py"):
            self.path = target.__module__.replace(".", "/") + "/__init__.py"
        self.name = target.__qualname__
        self.signature = _signature(target)

    @property
    def plain(self):
        """`name(signature) · 12 lines`."""
        lines = self.code.count("\n") + 1
        return f"{self.name}{self.signature} · {lines} line{'s' if lines > 1 else ''}"

    @property
    def markdown(self):
        """The path in small italics, then the source in a fence that is longer than any fence inside it."""
        fence = "```"
        while fence in self.code:
            fence += "`"
        path = self.path.replace("_", r"\_")
        return f"<small>*{path}*</small>\n\n{fence}python\n{self.code}\n{fence}"

    def __repr__(self):
        return self.plain

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.plain, "text/markdown": self.markdown}


def _function_of(obj):
    """The function behind a bound method or a property, else the object itself."""
    if isinstance(obj, property):
        return obj.fget
    return getattr(obj, "__func__", obj)


def _require_own(obj, target):
    """Raise TypeError unless `target` is code that the package defines."""
    import inspect

    kind = type(obj).__name__
    if not (inspect.isclass(target) or inspect.isfunction(target)):
        raise TypeError(f"show() expects a function, class or method of {PACKAGE}; got {kind} {short(obj)}")
    module = target.__module__
    if module != PACKAGE and not module.startswith(PACKAGE + "."):
        name = f"{module}.{target.__qualname__}"
        raise TypeError(f"show() expects a function, class or method of {PACKAGE}; got {kind} {name}")


def _signature(target):
    """The signature as text; empty where Python cannot tell one."""
    import inspect

    try:
        signature = inspect.signature(target)
        if inspect.isclass(target):  # a dataclass's __init__ says -> None
            signature = signature.replace(return_annotation=inspect.Signature.empty)
        return str(signature)
    except (TypeError, ValueError):
        return ""
