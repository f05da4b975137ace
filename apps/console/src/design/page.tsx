import { createLink } from "@tanstack/react-router";
import { type ComponentProps, Fragment, type ReactNode, useEffect } from "react";

/** A page's head: where it is, what it is called, in which state it is, what can be done. */
export function Page(props: {
  title: ReactNode;
  /** The words of the browser's tab, where the title is more than text. */
  name?: string;
  /** The ways up from here, the highest first. */
  crumbs?: readonly ReactNode[];
  status?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { title, name = typeof title === "string" ? title : "", crumbs = [], status, about, actions, children } = props;
  useEffect(() => {
    if (name !== "") document.title = `${name} · Upline`;
  }, [name]);
  return (
    <>
      <header className="head">
        <div>
          {crumbs.length > 0 && (
            <nav className="crumbs" aria-label="Path">
              {crumbs.map((crumb, index) => (
                <Fragment key={index}>
                  {index > 0 && <span aria-hidden="true">/</span>}
                  {crumb}
                </Fragment>
              ))}
            </nav>
          )}
          <div className="title">
            <h1>{title}</h1>
            {status}
          </div>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export function Section(props: { title: ReactNode; aside?: ReactNode; first?: boolean; children: ReactNode }) {
  return (
    <section className={props.first ? undefined : "section"}>
      <div className="section-head">
        <h2>{props.title}</h2>
        {props.aside && <span className="sub">{props.aside}</span>}
      </div>
      {props.children}
    </section>
  );
}

type DoorProps = Omit<ComponentProps<"a">, "children"> & { readonly shown?: boolean; readonly children?: ReactNode };

/** A figure that opens what it is made of. */
export const Door = createLink(function Door({ shown = false, ...rest }: DoorProps) {
  return <a {...rest} className={`door${shown ? " shown" : ""}`} />;
});
